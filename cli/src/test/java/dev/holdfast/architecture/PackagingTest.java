package dev.holdfast.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.NodeConfig;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The files for operating systems fit the program. */
@Tag("R-31")
class PackagingTest {
  /**
   * The maximum time of a stop after the grace period: ending handlers, then making ends durable.
   */
  static final Duration AFTER_GRACE = Duration.ofSeconds(8 + 15);

  private static final String UNIT =
      Repository.read(Repository.file("packaging/holdfast-work.service"));

  @Test
  void systemd_waits_longer_than_an_orderly_stop_takes() {
    Duration stop = Duration.ofSeconds(Long.parseLong(value("TimeoutStopSec")));

    assertThat(stop).isGreaterThan(NodeConfig.defaults().grace().plus(AFTER_GRACE));
    assertThat(value("ExecStart"))
        .endsWith("--grace " + NodeConfig.defaults().grace().toSeconds() + "s");
  }

  @Test
  void systemd_leaves_the_commands_to_the_worker() {
    assertThat(value("KillMode")).isEqualTo("mixed");
  }

  @Test
  void dashboard_and_alert_rules_are_in_the_archives_and_in_the_package() {
    assertThat(Repository.read(Repository.file("dist/src/assembly/archive.xml")))
        .contains("<include>grafana/*</include>", "<include>prometheus/*</include>");
    assertThat(Repository.read(Repository.file("dist/pom.xml")))
        .contains("<includes>grafana/*,prometheus/*</includes>");
  }

  private static String value(String key) {
    Matcher line = Pattern.compile("^" + key + "=(.*)$", Pattern.MULTILINE).matcher(UNIT);
    assertThat(line.find()).as(key).isTrue();
    return line.group(1);
  }
}
