// <akkoord-form form="controller/form" lang="nl"><a href="…">…</a></akkoord-form>: a form of Akkoord in your page.
// Its attributes and children stay the page's own; the children show while the form does not.
(() => {
  if (!document.adoptedStyleSheets || customElements.get("akkoord-form")) return;
  const kit = new URL("{kit}").origin;
  const names = JSON.parse('{names}'); // by language: what a frame is called that has no title
  const sheet = new CSSStyleSheet(); // unlike <style>, it passes any Content-Security-Policy
  // 100vw is what a box that shrinks to its content gives, as far as it can.
  sheet.replaceSync(`:host(:not([hidden])){display:block}
    iframe{display:block;width:100vw;max-width:100%;height:0;border:0;visibility:hidden}
    i{position:absolute;visibility:hidden;transition:color 1ms}`);

  class AkkoordForm extends HTMLElement {
    static observedAttributes = ["form", "lang", "title"];
    #slot = document.createElement("slot");
    #size = new ResizeObserver(() => this.#hello()); // a tab that opens: asked while it was closed, the form has no height
    #probe = document.createElement("i"); // has the colour of the text around; a change of it is a transition that ends
    #frame;
    #address;
    #loads;
    #told;
    #timer;

    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      root.append(this.#slot, this.#probe);
      this.#probe.ontransitionend = () => this.#hello();
    }

    // Frameworks set one attribute after the other: wait for the last.
    connectedCallback() {
      queueMicrotask(() => this.isConnected && this.#follow());
    }

    attributeChangedCallback() {
      this.connectedCallback();
    }

    connectedMoveCallback() {} // moveBefore() keeps what was typed

    disconnectedCallback() {
      removeEventListener("message", this.#hear);
      this.#size.disconnect();
      this.#show(0);
      this.#frame?.remove();
      this.#frame = this.#address = null;
    }

    // The page is dark where its text is light: that holds on pictures and gradients too, and in any space of colours.
    #scheme() {
      const { style } = this.#probe;
      style.backgroundColor = `oklch(from ${getComputedStyle(this).color} l c h)`;
      return parseFloat(getComputedStyle(this.#probe).backgroundColor.slice(6)) > 0.6 ? "dark" : "light";
    }

    #follow() {
      const form = this.getAttribute("form");
      const [lang] = (this.closest('[lang]:not([lang=""])') || document.documentElement).lang.toLowerCase().split(/[-_]/);
      const address = `${kit}/f/${form}?lang=${lang}&site=${encodeURIComponent(location.origin)}`;
      if (this.#address !== address) {
        this.disconnectedCallback();
        this.#address = address;
        if (/^[\w-]+\/[\w-]+$/.test(form)) this.#load(form);
        else this.#wait('write form="controller/form"');
      }
      if (this.#frame) this.#frame.title = this.getAttribute("title") || names[lang] || names.en;
    }

    #load(form) {
      const frame = (this.#frame = document.createElement("iframe")); // a new one each time adds no step to Back
      this.#loads = this.#told = 0;
      frame.loading = "lazy";
      frame.src = this.#address + (this.#scheme() === "dark" ? "&scheme=dark" : "");
      frame.onload = () => {
        // A step that starts above what is in view is brought into view.
        if (this.#loads++ && this.getBoundingClientRect().top < 0) this.scrollIntoView();
        this.#wait(
          `no answer from ${frame.src}: is ${location.origin} in "origins" of ${form.split("/")[0]}/controller.yaml, ` +
            `does this page's Content-Security-Policy have "frame-src ${kit}", does an extension block it?`,
        );
        this.#hello();
      };
      addEventListener("message", this.#hear);
      this.#size.observe(this);
      this.shadowRoot.append(frame);
    }

    // A frame of another scheme than its page is painted over by browsers, and hides the ground of the page.
    #hello() {
      if (!this.#loads) return;
      const scheme = (this.#frame.style.colorScheme = this.#scheme());
      for (const word of ["hello", scheme]) this.#frame.contentWindow.postMessage(`akkoord:${word}`, kit);
    }

    // A load without an answer is a page of the browser's own: blocked, refused, down.
    #wait(complaint) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        this.#show(0);
        console.error("akkoord-form:", complaint);
      }, 3000);
    }

    // The form answers with its height alone, below zero once it is sent.
    #hear = ({ source, origin, data }) => {
      if (source !== this.#frame.contentWindow || origin !== kit || !Number.isFinite(data)) return;
      clearTimeout(this.#timer);
      if (data) this.#show(Math.min(Math.abs(data), 20000));
      if (data > 0) this.#told = 0;
      if (data < 0 && !this.#told++) {
        const detail = { form: this.getAttribute("form") };
        this.dispatchEvent(new CustomEvent("akkoord:submitted", { bubbles: true, composed: true, detail }));
      }
    };

    #show(height) {
      clearTimeout(this.#timer);
      this.#slot.hidden = height > 0;
      if (!this.#frame) return;
      this.#frame.style.height = height ? `${height}px` : "";
      this.#frame.style.visibility = height ? "inherit" : "";
    }
  }
  customElements.define("akkoord-form", AkkoordForm);
})();
