/** How web mail looks: one sheet, from phone to wide screen, light and dark as the reader has it. */

export const STYLE = `:root { color-scheme: light dark; --line: #8886; --accent: light-dark(#0b57d0, #8ab4f8);
  --soft: light-dark(#f3f5f9, #20242c); --bad: light-dark(#b3261e, #f2b8b5); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 0 1rem 3rem; font: 1rem/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; padding: .75rem 0;
  border-bottom: 1px solid var(--line); }
header p { margin: 0; flex: 1 1 12rem; overflow-wrap: anywhere; }
header nav { display: flex; gap: .5rem; align-items: center; }
h1 { font-size: 1.35rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; }
a { color: var(--accent); }
a:focus-visible, button:focus-visible, input:focus-visible, textarea:focus-visible { outline: 3px solid var(--accent);
  outline-offset: 2px; }
form.inline { display: inline; }
label { display: block; font-weight: 600; margin-top: .75rem; }
label.box { font-weight: 400; }
input, textarea, button { font: inherit; }
input:not([type=checkbox]), textarea { width: 100%; padding: .5rem; border: 1px solid var(--line); border-radius: .4rem; }
input[type=checkbox] { width: 1.3rem; height: 1.3rem; vertical-align: middle; }
textarea { min-height: 14rem; font-family: ui-monospace, monospace; }
button, .button { display: inline-block; min-height: 2.75rem; padding: .5rem 1rem; line-height: 1.5; border: 1px solid var(--line);
  border-radius: .4rem; background: var(--soft); color: inherit; text-decoration: none; cursor: pointer; }
button.main, .button.main { background: var(--accent); color: light-dark(#fff, #000); border-color: transparent; }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0; }
.notice, .problem { padding: .6rem 1rem; border-radius: .4rem; background: var(--soft); }
.problem { border-left: .3rem solid var(--bad); overflow-wrap: anywhere; }
ul.mails { list-style: none; margin: 0; padding: 0; }
ul.mails li { display: flex; gap: .75rem; align-items: center; padding: .4rem 0; border-bottom: 1px solid var(--line); }
ul.mails a { flex: 1; min-width: 0; display: grid; grid-template-columns: 14rem 1fr auto; gap: 0 1rem;
  padding: .4rem 0; color: inherit; text-decoration: none; }
ul.mails a:hover .subject { text-decoration: underline; }
ul.mails span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
ul.mails .date { opacity: .75; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .1rem 1rem; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; border-radius: .4rem; background: var(--soft);
  font-family: ui-monospace, monospace; }
main.login { max-width: 22rem; margin: 3rem auto; }
@media (max-width: 40rem) {
  ul.mails a { grid-template-columns: 1fr; }
  ul.mails .from { font-weight: 600; }
  ul.mails .date { font-size: .875rem; }
}
`;
