package dev.holdfast.cli.terminal;

import dev.holdfast.Holdfast;
import dev.holdfast.check.Durations;
import dev.holdfast.handlers.exec.ExecHandler;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shuts down a process that runs commands. The first signal shuts it down in order: no more jobs
 * are claimed, running commands get their grace period, and their ends are made durable. The second
 * one kills the commands and ends the process at once. Either way no command is left running.
 *
 * <p>Some senders signal a process and then its group, to which it belongs: {@code timeout}, and
 * some supervisors. What comes within half a second after the first signal is that echo, and not a
 * second wish.
 */
public final class SignalStop implements Signals.Handler {
  private static final Logger log = LoggerFactory.getLogger(SignalStop.class);
  private static final int JOBS_NAMED_MAX = 5;
  private static final Duration ECHO = Duration.ofMillis(500);

  private final Holdfast holdfast;
  private final ExecHandler commands;
  private final Duration grace;
  private final boolean isHasty;
  private final Console console;
  private final Runnable last;
  private final Consumer<Integer> halt;
  private final AtomicBoolean isStopping = new AtomicBoolean();
  private final AtomicReference<@Nullable Long> firstTicks = new AtomicReference<>();

  /**
   * Creates a handler of signals.
   *
   * @param grace the grace period for running commands
   * @param isHasty whether Ctrl-C ends running commands without a grace period
   * @param last runs after the node has ended
   * @param halt ends the process
   */
  public SignalStop(
      Holdfast holdfast,
      ExecHandler commands,
      Duration grace,
      boolean isHasty,
      Console console,
      Runnable last,
      Consumer<Integer> halt) {
    this.holdfast = holdfast;
    this.commands = commands;
    this.grace = grace;
    this.isHasty = isHasty;
    this.console = console;
    this.last = last;
    this.halt = halt;
  }

  @Override
  public void handle(String name, int number) {
    if (isEcho()) {
      log.debug("{} came again at once; it is taken for the same one.", name);
      return;
    }
    stop(name, ExitCodes.ofSignal(number), isHasty && name.equals("SIGINT"));
  }

  private boolean isEcho() {
    long now = console.time().ticks();
    Long first = firstTicks.compareAndExchange(null, now);
    return first != null && now - first < ECHO.toNanos();
  }

  /** Shuts the process down in order, or at once if that has already begun. */
  public void stop(String why, int exitCode, boolean endsCommandsNow) {
    if (!isStopping.compareAndSet(false, true)) {
      commands.kill();
      halt.accept(exitCode);
      return;
    }
    try {
      holdfast.drain(Duration.ZERO);
      console.say(report(why, endsCommandsNow));
      log.atInfo()
          .addKeyValue("signal", why)
          .addKeyValue("commands", commands.running().size())
          .addKeyValue("grace_ms", endsCommandsNow ? 0 : grace.toMillis())
          .log("Told to stop.");
      if (endsCommandsNow) {
        commands.stop();
      }
      holdfast.close();
      last.run();
    } finally {
      halt.accept(exitCode);
    }
  }

  private String report(String why, boolean endsCommandsNow) {
    var running = commands.running();
    if (running.isEmpty()) {
      return why + ": stopping";
    }
    StringBuilder text = new StringBuilder(why).append(": stopping; ");
    text.append(endsCommandsNow ? "ends " : "waits up to " + Durations.format(grace) + " for ");
    text.append(Text.count(running.size(), "running command")).append(": job ");
    for (int i = 0; i < Math.min(running.size(), JOBS_NAMED_MAX); i++) {
      text.append(i == 0 ? "" : ", ")
          .append(running.get(i).job())
          .append(" (for ")
          .append(Durations.format(running.get(i).since()))
          .append(")");
    }
    return text.append(running.size() > JOBS_NAMED_MAX ? ", …" : "").toString();
  }

  /** Returns if the process is not being shut down; otherwise blocks until the process ends. */
  public void awaitHalt() {
    boolean isInterrupted = false;
    while (isStopping.get()) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException ignoredUntilHalt) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
