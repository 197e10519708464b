// Starts the behaviours of the components. Every page works without them.
import { initAll } from "./behaviours.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
