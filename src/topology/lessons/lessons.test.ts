import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { reconfigure } from "../../host/shell/dhcp.ts";
import type { Task } from "../../net/index.ts";
import type { RunningSmtp } from "../../services/mail/index.ts";
import { buildNetwork } from "../build.ts";
import type { Lab } from "../lab.ts";
import { type Lesson, LessonRun, parseLesson, readLessonHead } from "./index.ts";

const folder = new URL("../../../networks/", import.meta.url);

function read(path: string): string {
  return readFileSync(new URL(path, folder), "utf8");
}

const SILENT = { print: () => {}, printError: () => {} };

/**
 * Somebody who does what a lesson says, by hand. Before each deed he does `besides`, too: what the lesson does not ask for,
 * and what others do meanwhile. Nothing of it may tick a step off.
 */
class Student {
  readonly lesson: Lesson;
  readonly lab: Lab;
  readonly run: LessonRun;
  readonly #besides: (student: Student) => void;

  constructor(name: string, besides: (student: Student) => void = () => {}) {
    this.#besides = besides;
    const text = read(`lessons/${name}.md`);
    const result = parseLesson(text, `${name}.md`, read(`${readLessonHead(text).network}.yaml`));
    assert.equal(result.errors, undefined);
    this.lesson = result.lesson as Lesson;
    this.lab = buildNetwork(result.file as NonNullable<typeof result.file>);
    this.run = new LessonRun(this.lesson, this.lab);
    this.lab.start({ story: false });
    this.wait(1);
  }

  wait(seconds: number): void {
    this.lab.runTo({ timeNs: this.lab.world.nowNs + seconds * 1e9 });
  }

  exec(host: string, words: readonly string[]): string {
    let output = "";
    const print = (text: string): void => {
      output += text;
    };
    const handle = this.lab.hosts.get(host)?.exec(words, { print, printError: print });
    assert.ok(handle, host);
    this.lab.world.finish(handle, { maxNs: this.lab.world.nowNs + 3600e9 });
    return output;
  }

  type(host: string, line: string): string {
    return this.exec(host, line.split(" "));
  }

  mail(host: string, to: string, subject: string): void {
    this.exec(host, ["mail", "send", "--to", to, "--subject", subject, "--body", "Do you like ketchup?"]);
    this.wait(5);
  }

  /** What the button of the queue does. */
  tryAgain(host: string): void {
    const smtp = this.lab.hosts.get(host)?.services.find(({ name }) => name === "smtp")
      ?.running as RunningSmtp;
    const world = this.lab.world;
    world.finish(this.lab.hosts.get(host)?.network.spawn("flush", smtp.flush()) as never, {
      maxNs: world.nowNs + 60e9,
    });
    this.wait(10);
  }

  /** Does something, and sees how many steps are done then; not one before. */
  does(what: string, deed: () => void, done: number): void {
    const before = this.run.done;
    this.#besides(this);
    assert.equal(this.run.update(), false, `before "${what}" a step is ticked off: ${this.#report()}`);
    deed();
    this.run.update();
    assert.equal(this.run.done, done, `after "${what}": ${this.#report()}`);
    assert.ok(done > before || done === before);
  }

  end(): void {
    assert.equal(this.run.finished, true, this.#report());
    assert.deepEqual(this.lab.failures, []);
    this.run.stop();
    this.lab.close();
  }

  #report(): string {
    return this.run.steps
      .map(({ step, done, expectations }) => {
        const open = expectations.map(
          ({ description, passed, found }) => `  ${passed} ${description}: ${found}`,
        );
        return `${done} ${step.title}\n${open.join("\n")}`;
      })
      .join("\n");
  }
}

test("every lesson that ships can be read, and names a network that ships", () => {
  const names = readdirSync(new URL("lessons/", folder)).filter((name) => name.endsWith(".md"));
  assert.ok(names.length >= 4);
  for (const name of names) {
    const text = read(`lessons/${name}`);
    const { errors, lesson } = parseLesson(text, name, read(`${readLessonHead(text).network}.yaml`));
    assert.equal(errors, undefined);
    assert.ok(
      lesson !== undefined && lesson.steps.length > 3 && lesson.introduction !== "" && lesson.summary !== "",
    );
    for (const { text: markdown, expectations } of lesson.steps) {
      assert.ok(!markdown.includes("```expect") && markdown !== "");
      for (const { says, line } of expectations)
        assert.ok(says, `${name}:${line}: it says nothing to a person`);
    }
  }
});

test("1: the tour of the town, step by step", () => {
  const student = new Student("1-tour", (other) => {
    other.type("pc.hamburger.edu", "traceroute mail.crepes.fr");
    other.type("mail.crepes.fr", "traceroute mail.hamburger.edu");
    other.type("pc.hamburger.edu", "dig crepes.fr MX");
  });
  student.does("ping", () => void student.type("pc.crepes.fr", "ping -c 3 mail.hamburger.edu"), 2);
  student.does("traceroute", () => void student.type("pc.crepes.fr", "traceroute mail.hamburger.edu"), 3);
  student.does("dig", () => void student.type("pc.crepes.fr", "dig hamburger.edu MX"), 4);
  student.does("the cable", () => student.lab.cut("ocean", "both"), 4);
  student.does("traceroute", () => void student.type("pc.crepes.fr", "traceroute mail.hamburger.edu"), 5);
  student.does("mending", () => student.lab.heal("ocean"), 6);
  student.end();
});

test("2: the mail from alice@crepes.fr to bob@hamburger.edu", () => {
  const student = new Student("2-ketchup", (other) => {
    for (const pc of ["pc.crepes.fr", "pc.hamburger.edu"]) other.type(pc, "pop list");
  });
  // One deed; the steps after it are for looking at what came of it.
  student.does("sending", () => student.mail("pc.crepes.fr", "bob@hamburger.edu", "Ketchup"), 6);
  student.does("receiving", () => void student.type("pc.hamburger.edu", "pop fetch"), 7);
  student.does("the answer", () => student.mail("pc.hamburger.edu", "alice@crepes.fr", "Re: Ketchup"), 7);
  student.does("its receiving", () => void student.type("pc.crepes.fr", "pop fetch"), 8);
  student.end();
});

test("3: the mail lab, beginning with two mail clients that are not set up", () => {
  // The button Save tests the login.
  const student = new Student("3-mail-lab", (other) => {
    for (const pc of ["pc1", "pc2"])
      if (other.lab.hosts.get(pc)?.mailAccount !== undefined) other.type(pc, "pop list");
  });
  const account = (pc: string, name: string, password: string): void => {
    const host = student.lab.hosts.get(pc);
    assert.ok(host);
    host.mailAccount = {
      ...{ name, address: `${name}@gmail.com`, userName: name, password },
      ...{ incomingServer: "mail.gmail.com", outgoingServer: "192.168.1.5" },
    };
  };
  assert.equal(student.lab.hosts.get("pc1")?.mailAccount, undefined);
  student.does("ping", () => void student.type("pc1", "ping -c 2 mail.gmail.com"), 1);
  student.does("a wrong account", () => account("pc1", "sreesanth", "123"), 1);
  student.does("pc1's account", () => account("pc1", "suryakiran", "123"), 2);
  student.does("pc2's account", () => account("pc2", "sreesanth", "456"), 3);
  student.does("writing", () => student.mail("pc1", "sreesanth@gmail.com", "Hello"), 4);
  student.does("receiving", () => void student.type("pc2", "pop fetch"), 5);
  student.does("answering", () => student.mail("pc2", "suryakiran@gmail.com", "Re: Hello"), 6);
  student.does("reading", () => void student.type("pc1", "pop fetch"), 7);
  student.does(
    "a wrong password",
    () => {
      account("pc2", "sreesanth", "123");
      student.type("pc2", "pop list");
    },
    8,
  );
  student.does(
    "the right password",
    () => {
      account("pc2", "sreesanth", "456");
      student.type("pc2", "pop list");
    },
    9,
  );
  student.end();
});

test("5: an address of one's own, a full pool, a reservation, a rogue server", () => {
  const student = new Student("5-dhcp", (other) => {
    for (const host of ["pc2", "tablet"]) other.type(host, "ipconfig /renew");
  });
  const serverOf = (name: string) => student.lab.hosts.get(name) ?? assert.fail(name);
  const run = (name: string, task: Task<unknown>): void => {
    student.lab.world.finish(serverOf(name).network.spawn("service", task));
  };
  student.wait(20);
  const pool = (range: string): void => {
    reconfigure(serverOf("server"), (before) => ({ ...before, pool: range }));
    student.wait(100);
  };
  const release = (): void => {
    assert.match(student.type("pc1", "ipconfig"), /Name servers/);
    assert.doesNotMatch(student.type("pc1", "ipconfig /release"), /Name servers/);
  };
  student.does("release", release, 0);
  student.wait(20);
  student.does("renew", () => assert.match(student.type("pc1", "ipconfig /renew"), /BOUND/), 2);
  student.does("a pool of two", () => pool("192.168.1.100-192.168.1.101"), 3);
  student.does("a larger pool", () => pool("192.168.1.100-192.168.1.120"), 3);
  const phone = (): void => {
    student.type("phone", "ipconfig /renew");
    student.type("phone", "ping -c 1 192.168.1.9");
  };
  student.does("phone", phone, 4);
  student.does(
    "the reservation",
    () => void student.type("server", "dhcp reserve 02:00:5e:00:00:01 192.168.1.60"),
    4,
  );
  student.does("renew", () => void student.type("pc1", "ipconfig /renew"), 5);
  student.does("the rogue", () => run("laptop", serverOf("laptop").startService("dhcp", {})), 6);
  student.does("release", () => void student.type("visitor", "ipconfig /release"), 6);
  student.does("renew", () => void student.type("visitor", "ipconfig /renew"), 6);
  student.does("the end", () => run("laptop", serverOf("laptop").stopService("dhcp")), 7);
  student.end();
});

test("4: a server that is off, a cable that is cut, a power failure; and everything arrives", () => {
  const student = new Student("4-broken", (other) => {
    // He is curious; the last step asks for it.
    if (other.run.done < 8) other.type("pc.hamburger.edu", "pop fetch --keep");
    other.type("mail.crepes.fr", "ping -c 1 mail.hamburger.edu");
  });
  const server = "mail.hamburger.edu";
  const power = (on: boolean): void => {
    student.lab.setPower(server, on);
    student.wait(1);
  };
  student.does("SMTP off", () => void student.type(server, "service stop smtp"), 1);
  student.does("a first mail", () => student.mail("pc.crepes.fr", "bob@hamburger.edu", "First"), 2);
  student.does("SMTP on", () => void student.type(server, "service start smtp"), 2);
  student.does("half an hour", () => student.wait(1900), 3);
  student.does("the cut", () => student.lab.cut("ocean", "both"), 4);
  student.does("a second mail", () => student.mail("pc.crepes.fr", "bob@hamburger.edu", "Second"), 5);
  student.does("mending", () => student.lab.heal("ocean"), 5);
  student.does("trying again", () => student.tryAgain("mail.crepes.fr"), 6);
  student.does("power off", () => power(false), 6);
  const inVain = (): void => {
    student.mail("pc.crepes.fr", "bob@hamburger.edu", "Third");
    student.run.update();
    assert.equal(student.run.done, 6, "calls of the steps before count");
    student.wait(60);
  };
  student.does("a third mail", inVain, 7);
  student.does("power on", () => power(true), 7);
  student.does("trying again", () => student.tryAgain("mail.crepes.fr"), 8);
  student.does("fetching", () => void student.type("pc.hamburger.edu", "pop fetch"), 9);
  student.end();
});

test("looking changes nothing: the same packets with a lesson that is looked at and without", () => {
  const parsed = parseLesson(read("lessons/2-ketchup.md"), "x.md", read("ketchup.yaml"));
  assert.equal(parsed.errors, undefined);
  const { lesson, file } = parsed;
  const play = (look: boolean): string[] => {
    const seen: string[] = [];
    const lab = buildNetwork(file, {
      taps: [
        { handleFrame: ({ timeNs, kind, bytes }) => void seen.push(`${timeNs} ${kind} ${bytes.join()}`) },
      ],
    });
    const run = look ? new LessonRun(lesson, lab) : undefined;
    lab.start();
    for (let i = 1; i < 60; i++) {
      lab.runTo({ timeNs: i * 1e8 });
      run?.update();
    }
    seen.push(`${lab.world.executed} events`);
    assert.equal(run?.done ?? 7, 7);
    lab.close();
    return seen;
  };
  assert.deepEqual(play(true), play(false));
});

test("ticks are carried into the lab of another moment", () => {
  const student = new Student("1-tour");
  student.does("ping", () => void student.type("pc.crepes.fr", "ping -c 3 mail.hamburger.edu"), 2);
  const past = buildNetwork(student.lab.file);
  const again = new LessonRun(student.lesson, past, student.run.progress);
  assert.deepEqual(again.steps.map(({ done }) => done).slice(0, 3), [true, true, false]);
  assert.equal(
    again.steps[0].expectations.every(({ passed }) => passed),
    true,
  );
  assert.equal(again.update(), false);
  past.close();
  student.run.stop();
  student.lab.close();
});

test("fresh packets are those since the tick before, in the lab of another moment, too, and anew where one goes on from there", () => {
  const ping = "ping -c 1 10.0.0.2";
  const pings = "packets: ICMP, from: pc, info: Echo (ping) request";
  const step = (title: string, says: string) =>
    `## ${title}\n\nText\n\n\`\`\`expect\n- { ${says} }\n\`\`\`\n`;
  const text = `---
network: two
title: Twice
summary: Two pings
---
${step("One", pings)}${step("Two", `${pings}, fresh: true`)}${step("On", "host: pc, state: on, address: 10.0.0.3")}`;
  const network = `hamlet: 1
name: Two
hosts:
  pc: { addresses: [10.0.0.1/24] }
  server: { addresses: [10.0.0.2/24] }
links: [{ between: [pc, server] }]
`;
  const parsed = parseLesson(text, "twice.md", network);
  assert.equal(parsed.errors, undefined);
  const { lesson, file } = parsed;
  const begin = (progress?: LessonRun["progress"]) => {
    const lab = buildNetwork(file);
    const run = new LessonRun(lesson, lab, progress);
    lab.start();
    const doneAfterPing = (): number => {
      lab.world.finish(lab.hosts.get("pc")?.exec(ping.split(" "), SILENT) ?? assert.fail(), { maxNs: 100e9 });
      run.update();
      return run.done;
    };
    return { lab, run, doneAfterPing };
  };
  const present = begin();
  assert.equal(present.doneAfterPing(), 1);
  const { progress } = present.run;
  // The same again on the way to the same moment; then something new.
  const again = begin(progress);
  assert.equal(again.doneAfterPing(), 1);
  assert.equal(again.doneAfterPing(), 2);
  assert.match(again.run.steps[2].expectations[0].found, /^on, 10\.0\.0\.1$/);
  // He goes on from an earlier moment.
  const past = begin(progress);
  assert.equal(past.run.update(), false);
  assert.equal(past.doneAfterPing(), 2);
  for (const { lab, run } of [present, again, past]) {
    run.stop();
    lab.close();
  }
});

test("mistakes in a lesson have the lines of the lesson", () => {
  const lesson = `---
network: ketchup
title: Wrong
summary: Has mistakes
---
Text

\`\`\`sh
## no step
\`\`\`

## One

\`\`\`expect
- { mailbox: bob@mail.hamburger.ed }
- { service: smpt@mail.hamburger.edu, state: off }
\`\`\`

## Two

\`\`\`expect
- { link: oceans, state: up }
- { host: mail.hamburger.edu, state: down }
- { packets: TCP, lost: true, mailAccount: x }
\`\`\`

## Three
`;
  const { errors = [] } = parseLesson(lesson, "wrong.md", read("ketchup.yaml"));
  const found = errors.map(({ line, message }) => `${line} ${message}`);
  assert.equal(found.length, 6, found.join("\n"));
  for (const [i, expected] of [
    /^15 .*mail\.hamburger\.edu/,
    /^16 .*smtp/,
    /^22 .*ocean/,
    /^23 .*"on" or "off"/,
    /^24 /,
    /^27 the step "Three" expects nothing/,
  ].entries())
    assert.match(found[i], expected);
  const noFront = parseLesson("# Hello", "x.md", read("ketchup.yaml")).errors ?? [];
  assert.match(noFront.map(({ message }) => message).join("\n"), /front matter.*steps/s);
  assert.deepEqual(readLessonHead("nothing"), { network: "", title: "", summary: "", without: [] });
});
