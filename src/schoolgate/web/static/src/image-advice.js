// Opens the advice on indecent images as soon as somebody chooses that kind of worry.

const advice = document.querySelector("[data-image-advice]");
const kind = document.querySelector('select[name="category"]');
if (advice && kind) {
  kind.addEventListener("change", () => {
    if (kind.value === "indecent-image") advice.open = true;
  });
}
