package dev.holdfast.cli.top;

import dev.holdfast.JobQueue;
import dev.holdfast.check.Durations;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Signals;
import dev.holdfast.cli.terminal.StyledLine;
import dev.holdfast.cli.terminal.Threads;
import dev.holdfast.error.BusyException;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.http.Redaction;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.keymap.BindingReader;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.TerminalBuilder.SystemOutput;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;
import org.jspecify.annotations.Nullable;

/**
 * The terminal of the live screen. One thread reads keys and draws; the queue is read by others, so
 * that keys work while it does not answer. The terminal is restored however this ends.
 */
final class LiveTerminal {
  /** The time after which the size of the terminal and the results of readings are looked at. */
  private static final long KEY_WAIT_MILLIS = 50;

  private final Console console;
  private final JobQueue queue;
  private final Redaction redaction;
  private final Screen screen;
  private final Duration interval;
  private final AtomicInteger exitCode = new AtomicInteger(ExitCodes.OK);
  private final AtomicBoolean isEnding = new AtomicBoolean();
  private final AtomicBoolean isResized = new AtomicBoolean(true);
  private @Nullable CompletableFuture<Snapshot> reading;
  private @Nullable CompletableFuture<Runnable> action;
  private long readTicks;

  LiveTerminal(
      Console console, JobQueue queue, Redaction redaction, Screen screen, Duration interval) {
    this.console = console;
    this.queue = queue;
    this.redaction = redaction;
    this.screen = screen;
    this.interval = interval;
  }

  /** Shows the screen until a key or a signal ends it. */
  int run() throws IOException {
    try (Terminal terminal =
        TerminalBuilder.builder()
            .system(true)
            .systemOutput(SystemOutput.ForcedSysOut)
            .dumb(false)
            .graphemeCluster(false)
            .build()) {
      Attributes before = terminal.enterRawMode();
      try (Signals signals = Signals.handle(this::end)) {
        begin(terminal);
        show(terminal);
      } finally {
        restore(terminal, before);
      }
    }
    return exitCode.get();
  }

  private void end(String name, int number) {
    exitCode.set(name.equals("SIGINT") ? ExitCodes.OK : ExitCodes.ofSignal(number));
    isEnding.set(true);
  }

  private void begin(Terminal terminal) {
    Attributes raw = terminal.getAttributes();
    raw.setLocalFlag(LocalFlag.ISIG, false); // Ctrl-C is a key, and Ctrl-Z would not restore it
    terminal.setAttributes(raw);
    terminal.handle(Signal.WINCH, signal -> isResized.set(true));
    terminal.puts(Capability.enter_ca_mode);
    terminal.puts(Capability.keypad_xmit);
    terminal.puts(Capability.cursor_invisible);
    terminal.flush();
  }

  private static void restore(Terminal terminal, Attributes before) {
    terminal.puts(Capability.cursor_normal);
    terminal.puts(Capability.keypad_local);
    terminal.puts(Capability.exit_ca_mode);
    terminal.flush();
    terminal.setAttributes(before);
  }

  private void show(Terminal terminal) throws IOException {
    Display display = new Display(terminal, true);
    KeyBindings bindings = new KeyBindings(terminal);
    BindingReader keys = new BindingReader(terminal.reader());
    read();
    while (!isEnding.get()) {
      takeResults();
      draw(terminal, display);
      int next = keys.peekCharacter(KEY_WAIT_MILLIS);
      if (next == NonBlockingReader.EOF) {
        return;
      }
      if (next != NonBlockingReader.READ_EXPIRED) {
        Key key = keys.readBinding(bindings.of(screen.mode()));
        screen.press(key, keys.getLastBinding()).ifPresent(this::grant);
      }
    }
  }

  private void draw(Terminal terminal, Display display) {
    if (isResized.compareAndSet(true, false)) {
      display.resize(terminal);
      display.clear();
    }
    List<StyledLine> lines =
        screen.lines(
            display.getColumns(), display.getRows(), " every " + Durations.format(interval), true);
    boolean isColoured = console.display().isColoured();
    display.update(
        lines.stream()
            .map(
                line ->
                    isColoured
                        ? AttributedString.fromAnsi(line.painted())
                        : new AttributedString(line.text()))
            .toList(),
        0);
  }

  private void read() {
    readTicks = console.time().ticks();
    reading = Threads.call("top", () -> Snapshot.read(queue, console.time()));
  }

  private void takeResults() {
    CompletableFuture<Snapshot> read = reading;
    if (read != null && read.isDone()) {
      reading = null;
      try {
        screen.show(read.join());
      } catch (CompletionException failed) {
        showOutage(failed);
      }
    }
    if (reading == null && console.time().ticks() - readTicks >= interval.toNanos()) {
      read();
    }
    CompletableFuture<Runnable> done = action;
    if (done != null && done.isDone()) {
      action = null;
      try {
        done.join().run();
      } catch (CompletionException failed) {
        screen.notice(message(failed));
      }
    }
  }

  private void showOutage(CompletionException failed) {
    if (failed.getCause() instanceof StoreUnavailableException
        || failed.getCause() instanceof BusyException) {
      screen.showOutage(message(failed));
    } else if (failed.getCause() instanceof HoldfastException known) {
      throw known;
    } else {
      throw failed;
    }
  }

  private static String message(CompletionException failed) {
    Throwable cause = failed.getCause();
    return cause == null ? "it failed" : String.valueOf(cause.getMessage());
  }

  private void grant(Wish wish) {
    if (wish instanceof Wish.Quit) {
      isEnding.set(true);
    } else if (wish instanceof Wish.Refresh) {
      readTicks -= interval.toNanos();
    } else if (wish instanceof Wish.Open open) {
      action =
          Threads.call(
              "top-job",
              () -> {
                JobPage page = JobPage.read(queue, open.job(), redaction);
                return () -> screen.open(page);
              });
    } else if (wish instanceof Wish.SetPaused paused) {
      action =
          Threads.call(
              "top-pause",
              () -> {
                String done = paused.apply(queue, Person.name());
                return () -> {
                  screen.notice(done);
                  readTicks -= interval.toNanos();
                };
              });
    }
  }
}
