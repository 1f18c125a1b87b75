// <akkoord-form form="controller/form" lang="nl"></akkoord-form>: a form of Akkoord in a page of yours.
// The frame grows with its content, and `akkoord:submitted` is told once when a form has been sent.
(() => {
  const kit = new URL(document.currentScript.src).origin;
  const names = { nl: "Formulier", fr: "Formulaire", en: "Form" };
  class AkkoordForm extends HTMLElement {
    connectedCallback() {
      if (this.frame) return;
      const lang = this.getAttribute("lang") || document.documentElement.lang.slice(0, 2);
      const frame = (this.frame = document.createElement("iframe"));
      frame.title = this.getAttribute("title") || names[lang] || names.en;
      frame.loading = "lazy";
      frame.style.cssText = "display:block;width:100%;min-height:20rem;border:0";
      frame.src = `${kit}/f/${this.getAttribute("form")}?lang=${lang}&site=${encodeURIComponent(location.origin)}`;
      let loads = 0;
      let told = false;
      frame.onload = () => {
        told = false;
        // After a step the new page starts at its top: bring that into view if the person had scrolled past it.
        if (loads++ && frame.getBoundingClientRect().top < 0) frame.scrollIntoView();
        frame.contentWindow.postMessage("akkoord:hello", kit);
      };
      // The child answers with a number alone: its height, below zero on the page that follows a sent form.
      addEventListener("message", ({ source, origin, data }) => {
        if (source !== frame.contentWindow || origin !== kit || !Number.isFinite(data)) return;
        frame.style.height = `${Math.min(Math.abs(data), 20000)}px`;
        frame.style.minHeight = 0;
        if (data >= 0 || told) return;
        told = true;
        this.dispatchEvent(new CustomEvent("akkoord:submitted", { bubbles: true, detail: { form: this.getAttribute("form") } }));
      });
      this.replaceChildren(frame);
    }
  }
  customElements.get("akkoord-form") || customElements.define("akkoord-form", AkkoordForm);
})();
