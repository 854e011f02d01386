package dev.holdfast.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.torture.checker.Verdict;
import dev.holdfast.torture.mutants.Mutant;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The torture counts only because its checker catches every store that breaks the promise. */
@Tag("slow")
@Execution(ExecutionMode.CONCURRENT)
final class MutantsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(Mutant.class)
  void a_broken_store_is_caught(Mutant mutant) {
    Trial trial = Trial.of(mutant);

    Verdict verdict = trial.run(folder);

    assertThat(verdict.breaches(trial.promise()))
        .as(() -> new Report(trial.plan(), verdict).table())
        .isNotEmpty();
  }
}
