/** The width below which the parts of the page no longer fit beside each other: there is one of them at a time. */
export const PHONE = "(max-width: 47.99em)";
