package dev.holdfast.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.Configuration;
import dev.holdfast.config.LogConfig.Level;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The level from which a command logs. */
@Tag("R-37")
final class LogUseTest {
  @TempDir Path folder;

  private Level level(LogUse use, boolean isTerminal, Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(variables);
    all.put("XDG_CONFIG_HOME", folder.toString());
    Configuration configuration = Configuration.load(all, Optional.empty(), List.of());
    return use.of(configuration, isTerminal).level();
  }

  @Test
  void is_INFO_for_a_service_at_a_terminal_unless_it_is_set() {
    Map<String, String> none = Map.of();

    assertThat(level(LogUse.SERVICE, true, none)).isEqualTo(Level.INFO);
    assertThat(level(LogUse.SERVICE, false, none)).isEqualTo(Level.WARN);
    assertThat(level(LogUse.ACTION, true, none)).isEqualTo(Level.WARN);
    assertThat(level(LogUse.ITEMS, true, none)).isEqualTo(Level.WARN);
    assertThat(level(LogUse.SERVICE, true, Map.of("LOG_LEVEL", "warn"))).isEqualTo(Level.WARN);
    assertThat(level(LogUse.SERVICE, true, Map.of("HOLDFAST_LOG_FILE", folder + "/x")))
        .isEqualTo(Level.WARN);
  }
}
