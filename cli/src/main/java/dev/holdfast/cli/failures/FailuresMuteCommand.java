package dev.holdfast.cli.failures;

import dev.holdfast.FailureGroup;
import dev.holdfast.Fingerprint;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast failures mute}. */
@Command(
    name = "mute",
    header = "Leaves a group out of health and alerts.",
    description = "%nJobs of the group that fail later are left out too.")
public final class FailuresMuteCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "FINGERPRINT", description = "The group, as shown by holdfast failures.")
  private String fingerprint = "";

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      description = "How long, such as 8h. Default: until it is unmuted.")
  private @Nullable Duration length;

  @Option(names = "--undo", description = "Ends the mute.")
  private boolean isUndo;

  public FailuresMuteCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    Fingerprint group = Fingerprint.parse(fingerprint);
    try (OpenQueue opened = db.openExistingQueue()) {
      if (isUndo) {
        boolean wasMuted = opened.queue().failures().unmute(group);
        console.line(wasMuted ? "unmuted " + group : group + " was not muted");
      } else {
        Optional<Instant> until = Optional.ofNullable(length).map(console.time().now()::plus);
        FailureGroup muted = opened.queue().failures().mute(group, until, Person.name());
        console.line(
            "muted %s%s: %,d jobs"
                .formatted(group, until.map(end -> " until " + end).orElse(""), muted.jobs()));
      }
    }
    return ExitCodes.OK;
  }
}
