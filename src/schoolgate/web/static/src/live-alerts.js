// Brings new and changed alerts into an open page as they come.
// The page works without it: "Check again" loads it anew.

const page = document.querySelector("[data-live-alerts]");
if (page && "EventSource" in window) start(page);

function start(page) {
  const state = page.querySelector("[data-live-state]");
  const said = page.querySelector("[data-live-said]");
  const title = document.title;
  const held = new Map(); // by reference: what to do once its card is free
  const source = new EventSource(`${page.dataset.liveAlerts}?after=${page.dataset.after}`);

  source.addEventListener("open", () => (state.textContent = "New alerts appear here by themselves."));
  // The browser connects again by itself, with the key of the last event that it got.
  source.addEventListener("error", () => (state.textContent = "The connection is broken. Trying again."));
  source.addEventListener("end", () => {
    source.close();
    state.textContent = "You are signed out, so new alerts are no longer shown. Sign in again.";
  });
  source.addEventListener("alert", (event) => {
    const alert = JSON.parse(event.data);
    whenFree(alert.ref, () => place(alert));
    if (alert.said) said.textContent = alert.said;
  });

  function place(alert) {
    document.getElementById(`alert-${alert.ref}`)?.remove();
    const list = page.querySelector(`[data-live-list="${alert.section}"]`);
    if (list) {
      const holder = document.createElement("template");
      holder.innerHTML = alert.html; // made by our own template, which escapes what people wrote
      const card = holder.content.firstElementChild;
      const next = [...list.children].find((other) => other.dataset.order > alert.order);
      list.insertBefore(card, next ?? null);
    }
    for (const empty of page.querySelectorAll("[data-live-empty]")) {
      empty.hidden = page.querySelector(`[data-live-list="${empty.dataset.liveEmpty}"]`).children.length > 0;
    }
    const unread = page.querySelectorAll('[data-live-list="waiting"] .alert-card:not(.alert-card--read)').length;
    document.title = unread ? `(${unread}) ${title}` : title;
  }

  // A card that somebody stands on is left alone until they move on: focus is never taken away.
  function whenFree(ref, act) {
    const card = document.getElementById(`alert-${ref}`);
    if (!card?.contains(document.activeElement)) return act();
    const isFirst = !held.has(ref);
    held.set(ref, act);
    if (!isFirst) return;
    card.addEventListener(
      "focusout",
      () =>
        setTimeout(() => {
          const latest = held.get(ref);
          held.delete(ref);
          whenFree(ref, latest);
        }),
      { once: true },
    );
  }
}
