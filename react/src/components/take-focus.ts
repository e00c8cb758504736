/** As a `ref`: what comes in the place of what had the focus takes it. Else the keyboard would begin at the page's top. */
export function takeFocus(element: HTMLElement | null) {
  element?.focus()
}
