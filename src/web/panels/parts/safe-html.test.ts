import assert from "node:assert/strict";
import { test } from "node:test";
import { localCss } from "./safe-html.ts";

test("a style sheet keeps its colours and loses what it would fetch", () => {
  const { css, removed } = localCss(
    `@import url("http://a.example/x.css"); h1 { color: red; background: URL( 'http://a.example/)x.png' ) }
     h2 { background-image: image-set("//a.example/z" type("image/png"), url(//a.example/w) 2x) }
     p { background: url(data:image/png;base64,AA); list-style: url(//a.example/y) }`,
  );
  assert.equal(removed, 4);
  assert.doesNotMatch(css, /a\.example/);
  assert.match(css, /color: red/);
  assert.match(css, /url\(data:image\/png;base64,AA\)/);
});
