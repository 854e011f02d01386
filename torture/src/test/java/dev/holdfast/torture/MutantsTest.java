package dev.holdfast.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.torture.checker.Verdict;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that the torture catches every broken store. */
@Tag("slow")
@Execution(ExecutionMode.CONCURRENT)
final class MutantsTest {
  @TempDir private Path folder;

  static List<Trial> trials() {
    return Trial.all(Ground.SQLITE);
  }

  @ParameterizedTest
  @MethodSource("trials")
  void a_broken_store_is_caught(Trial trial) {
    Verdict verdict = trial.run(folder);

    assertThat(verdict.breaches(trial.promise()))
        .as(() -> new Report(trial.plan(), verdict).table())
        .isNotEmpty();
  }
}
