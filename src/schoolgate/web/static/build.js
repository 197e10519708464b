// Builds what our pages load: one style sheet, the scripts, the typeface and the mark.
//
//   npm run build     → src/schoolgate/web/static/build/
//
// Everything is copied or compiled from the pinned packages, so a school's
// pages never ask anybody else for a file.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");
const build = join(here, "build");
const packages = createRequire(import.meta.url);
const modules = dirname(dirname(packages.resolve("govuk-frontend/package.json")));

rmSync(build, { recursive: true, force: true });
mkdirSync(join(build, "fonts"), { recursive: true });

const style = compile(join(source, "schoolgate.scss"), {
  loadPaths: [modules, dirname(here)],
  style: "compressed",
});
writeFileSync(join(build, "schoolgate.css"), style.css);

const fonts = join(modules, "@fontsource", "atkinson-hyperlegible");
for (const face of ["latin-400-normal", "latin-400-italic", "latin-700-normal", "latin-ext-400-normal", "latin-ext-700-normal"]) {
  const file = `atkinson-hyperlegible-${face}.woff2`;
  cpSync(join(fonts, "files", file), join(build, "fonts", file));
}
cpSync(join(fonts, "LICENSE"), join(build, "fonts", "LICENSE"));
cpSync(join(source, "mark.svg"), join(build, "mark.svg"));

// Scripts keep their names. A script that imports another asks for it by its content, as the pages do,
// so that a browser never joins a new script with an old one.
const digest = (text) => createHash("sha256").update(text).digest("hex").slice(0, 12);
const govuk = readFileSync(join(modules, "govuk-frontend", "dist", "govuk", "govuk-frontend.min.js"), "utf8");
const behaviours = govuk.replace(/\/\/# sourceMappingURL=.*\s*$/, "");
writeFileSync(join(build, "behaviours.js"), behaviours);
for (const file of readdirSync(source).filter((name) => name.endsWith(".js"))) {
  const text = readFileSync(join(source, file), "utf8");
  writeFileSync(join(build, file), text.replaceAll('"./behaviours.js"', `"./behaviours.js?${digest(behaviours)}"`));
}
