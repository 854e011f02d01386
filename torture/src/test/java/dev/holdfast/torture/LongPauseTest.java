package dev.holdfast.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
final class LongPauseTest {
  @TempDir private Path folder;

  @Test
  @Tag("R-33")
  void a_worker_suspended_past_its_lease_cannot_overwrite_its_successors_result() {
    assertThat(new LongPause().run(folder)).isTrue();
  }
}
