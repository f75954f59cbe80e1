/** Config: a PC is switched from a static address to DHCP by clicks, gets one, and pings; the server's panel shows the lease. */

import { test } from "node:test";
import { hasChromium, openConsole } from "./testing/browser.ts";
import { hamletUp } from "./testing/hamlet-up.ts";

test("the printer gets its address by DHCP; the server shows the lease, and reserves it", async (t) => {
  if (!hasChromium(t)) return;
  const console = await openConsole(t, await hamletUp(t, "dhcp"));
  // The rogue server of the story would be as good as the right one.
  const laptop = await console.openHost("laptop");
  await (await laptop.part("Config")).getByRole("switch", { name: "Power" }).click();
  const printer = await console.openHost("printer");
  const config = await printer.part("Config");
  const choice = config.getByRole("radiogroup", { name: "How eth0 gets its addresses" });
  await choice.getByText("DHCP").click();
  await config.getByText(/A server has given it 192\.168\.1\.\d+\/24/).waitFor();
  await printer.program("Terminal");
  await printer.type("ping -c 1 192.168.1.1");
  await printer.screen.getByText(/1 packets transmitted, 1 received/).waitFor();
  const state = await printer.part("State");
  await state.getByRole("tab", { name: /Interfaces/ }).click();
  await state.getByText("DHCP, BOUND").waitFor();
  const server = await console.openHost("server");
  const services = await server.part("Services");
  await services.getByRole("button", { name: /^DHCP/ }).click();
  const leases = services.getByRole("region", { name: "Leases" });
  await leases.getByRole("row", { name: /printer/ }).waitFor();
  await leases
    .getByRole("row", { name: /printer/ })
    .getByRole("button", { name: /^Reserve/ })
    .click();
  await services
    .getByRole("button", { name: /^Remove the reservation of 192\.168\.1\./ })
    .nth(1)
    .waitFor();
  await console.filter("dhcp.option.dhcp == 5");
  await console.row("DHCP ACK").first().waitFor();
  await printer.show();
  const back = await printer.part("Config");
  await back.getByRole("radiogroup", { name: "How eth0 gets its addresses" }).getByText("Static").click();
  await back.getByText(/A server has given it/).waitFor({ state: "detached" });
});
