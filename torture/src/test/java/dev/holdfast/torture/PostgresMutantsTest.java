package dev.holdfast.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.torture.checker.Promise;
import dev.holdfast.torture.checker.Verdict;
import dev.holdfast.torture.mutants.Mutant;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Some of the broken stores, on PostgreSQL; {@code torture/torture mutants} tries all. */
@Tag("slow")
@Execution(ExecutionMode.CONCURRENT)
final class PostgresMutantsTest {
  private static final Ground ONE_HOST = new Ground(18, false, false);

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(
      names = {
        "EARLY_ANSWER",
        "HELD_BACK_ENDS",
        "ANY_TOKEN",
        "HIDDEN_DEAD",
        "WAITING_ENDS",
        "RESCUE_IN_ONE_BATCH"
      })
  void a_broken_store_is_caught(Mutant mutant) {
    Trial trial = Trial.of(mutant).on(ONE_HOST);

    Verdict verdict = trial.run(folder);

    assertThat(verdict.breaches(trial.promise()))
        .as(() -> new Report(trial.plan(), verdict).table())
        .isNotEmpty();
  }

  @Test
  void a_server_that_acknowledges_before_the_disk_has_it_is_caught() {
    Verdict verdict = UnsyncedCommits.run(folder, ONE_HOST);

    assertThat(verdict.breaches(Promise.LOST)).isNotEmpty();
  }
}
