// What scripts add to pages that work without them. Texts stand in the page, so that they are in its language:
//   <body data-session-seconds="900" data-session-warning="…" data-session-extend="…" data-session-over="…">  time-out warning
//   <form data-warn-unsaved>                leaving the page after a change in it is asked about
//   <section data-item>                     j and k go from one to the next
//   <label data-keys hidden><input type="checkbox" checked> …</label>   turns j and k off and on; remembered
//   <input type="checkbox" class="tc-pick" data-select-all hidden aria-label="…">   in a table's head, beside a word for those without
//   scripts; <output data-selected> in the same form shows how many are chosen
//   <section data-live>                     shown anew every second until it is gone from the page, which is then loaded again
//   <form data-drop>                        files may be dropped on it; <output data-drop-says="…"> in it names what is chosen
(() => {
  "use strict";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within = document) => within.querySelector(selector);
  const remembered = {
    get: (name) => { try { return localStorage.getItem(name); } catch { return null; } },
    set: (name, value) => { try { localStorage.setItem(name, value); } catch { /* a browser that keeps nothing */ } },
  };

  function focusErrors() {
    const summary = one('[data-error-summary], main .usa-alert--error[role="alert"]');
    if (!summary) return;
    summary.tabIndex = -1;
    summary.focus();
  }

  function warnAboutUnsavedChanges() {
    let changed = false;
    for (const form of all('form[data-warn-unsaved]')) form.addEventListener("input", () => { changed = true; });
    document.addEventListener("submit", () => { changed = false; });
    window.addEventListener("beforeunload", (leaving) => {
      if (changed) leaving.preventDefault();
    });
  }

  function warnBeforeTimeOut() {
    const page = document.body.dataset;
    const seconds = Number(page.sessionSeconds);
    if (!seconds) return;
    const notice = Math.min(120, seconds / 2) * 1000;
    const seen = () => remembered.set("tc-seen", String(Date.now()));
    let loaded = Date.now();
    let bar = null;
    const left = () => Math.max(loaded, Number(remembered.get("tc-seen")) || 0) + seconds * 1000 - Date.now();
    const close = () => { bar?.remove(); bar = null; };
    async function extend() {
      const csrf = one('input[name="csrf"]')?.value ?? "";
      const body = new URLSearchParams({ csrf });
      const answer = await fetch("/account/extend", { method: "POST", body, redirect: "manual" }).catch(() => null);
      if (!answer || !(answer.ok || answer.type === "opaqueredirect")) return;
      loaded = Date.now();
      seen();
      close();
    }
    function show() {
      bar = document.createElement("div");
      bar.className = "tc-timeout";
      bar.setAttribute("role", "alert");
      const text = document.createElement("p");
      text.textContent = page.sessionWarning ?? "";
      const button = document.createElement("button");
      button.type = "button";
      button.className = "usa-button tc-small";
      button.textContent = page.sessionExtend ?? "";
      button.addEventListener("click", extend);
      bar.append(text, button);
      document.body.append(bar);
    }
    seen();
    setInterval(() => {
      const rest = left();
      if (rest > notice) return close();
      if (!bar) show();
      if (rest > 0) return;
      one("button", bar)?.remove();
      one("p", bar).textContent = page.sessionOver ?? "";
    }, 1000);
  }

  function moveByKeys() {
    const items = all("[data-item]");
    if (!items.length) return;
    for (const item of items) item.tabIndex = -1;
    const choice = one("[data-keys] input");
    if (choice) {
      choice.closest("[data-keys]").hidden = false;
      choice.checked = remembered.get("tc-keys") !== "off";
      choice.addEventListener("change", () => remembered.set("tc-keys", choice.checked ? "on" : "off"));
    }
    document.addEventListener("keydown", (key) => {
      if (key.ctrlKey || key.metaKey || key.altKey || (choice && !choice.checked)) return;
      if (key.key !== "j" && key.key !== "k") return;
      if (key.target.closest('textarea, select, [contenteditable], input:not([type="checkbox"]):not([type="radio"])')) return;
      const at = items.findIndex((item) => item.contains(document.activeElement));
      const next = items[key.key === "j" ? at + 1 : Math.max(at, 1) - 1];
      if (!next) return;
      key.preventDefault();
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: "start" });
    });
  }

  function selectAll() {
    for (const head of all("input[data-select-all]")) {
      const boxes = all('tbody input[type="checkbox"]', head.closest("table"));
      const count = head.form && one("[data-selected]", head.form);
      const show = () => {
        const chosen = boxes.filter((box) => box.checked).length;
        head.checked = chosen > 0 && chosen === boxes.length;
        head.indeterminate = chosen > 0 && chosen < boxes.length;
        if (count) count.textContent = String(chosen);
      };
      head.hidden = false;
      head.addEventListener("change", () => {
        for (const box of boxes) box.checked = head.checked;
        show();
      });
      for (const box of boxes) box.addEventListener("change", show);
      show();
    }
  }

  function dropFiles() {
    for (const form of all("form[data-drop]")) {
      const input = one('input[type="file"]', form);
      const said = one("[data-drop-says]", form);
      const show = () => {
        said.textContent = input.files.length ? `${said.dataset.dropSays} ${[...input.files].map((file) => file.name).join(", ")}` : "";
      };
      const over = (on) => (event) => {
        event.preventDefault();
        form.classList.toggle("tc-drop--over", on);
      };
      form.addEventListener("dragover", over(true));
      form.addEventListener("dragleave", over(false));
      form.addEventListener("drop", (event) => {
        over(false)(event);
        if (!event.dataTransfer.files.length) return;
        input.files = event.dataTransfer.files;
        show();
      });
      input.addEventListener("change", show);
    }
  }

  function followWork() {
    if (!one("[data-live]")) return;
    async function look() {
      const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
      const text = answer?.ok ? await answer.text() : "";
      const shown = text && one("[data-live]", new DOMParser().parseFromString(text, "text/html"));
      if (text && !shown) return location.reload();
      if (shown) one("[data-live]").replaceWith(document.importNode(shown, true));
      setTimeout(look, 1000);
    }
    setTimeout(look, 1000);
  }

  focusErrors();
  warnAboutUnsavedChanges();
  warnBeforeTimeOut();
  moveByKeys();
  selectAll();
  dropFiles();
  followWork();
})();
