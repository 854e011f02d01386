package dev.holdfast.torture;

import dev.holdfast.torture.evidence.Blow;
import dev.holdfast.torture.host.SteppedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Sets the wall clock by an hour or a day, forward and back, while processes run: first the clock
 * of all processes, then that of one worker. Leases use monotonic clocks, so no live process may
 * lose a job, and no job may start early by the shared clock.
 */
public final class ClockSteps implements Scenario {
  private static final Plan PLAN =
      Plan.small()
          .jobs(3_000)
          .lease(Duration.ofSeconds(5))
          .blows(Blow.Kind.CLOCK_FORWARD, 6)
          .blows(Blow.Kind.CLOCK_BACK, 6);

  /** Runs the command. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Scenario.main(new ClockSteps());
  }

  @Override
  public boolean run(Path folder) throws IOException {
    boolean isGoodForAll = run(folder.resolve("all"), true);
    return run(folder.resolve("one"), false) && isGoodForAll;
  }

  private static boolean run(Path folder, boolean isForAll) throws IOException {
    Files.createDirectories(folder);
    SteppedClock clock =
        SteppedClock.in(folder)
            .orElseThrow(
                () -> new Skipped("libfaketime is not installed (Debian: apt install faketime)"));
    Stage stage = Stage.plain(folder, PLAN).clock(clock, isForAll);
    return Scenario.tell(
        "the clock of " + (isForAll ? "all processes" : "one worker"),
        new Report(PLAN, Run.on(stage, PLAN)));
  }
}
