package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The end of a command with {@code --watch} by a signal, in a process of its own. */
@Tag("R-77")
final class WatchProcessTest {
  @TempDir private Path folder;
  private @Nullable ChildJvm watching;

  @AfterEach
  void kill() {
    if (watching != null) {
      watching.killIfAlive();
    }
  }

  @ParameterizedTest
  @CsvSource({"INT, 0", "TERM, 143"})
  void is_in_order(String signal, int code) throws Exception {
    new Cli(folder).run("enqueue", "--type", "t");
    ChildJvm queues = ChildJvm.holdfast(folder, Path.of("/dev/null"), "queues", "--watch=100ms");
    watching = queues;
    queues.awaitLines(4);

    queues.signal(signal);

    assertThat(queues.end()).isEqualTo(code);
    assertThat(queues.err()).isEmpty();
  }
}
