package dev.holdfast.benchmarks.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.benchmarks.load.Contender;
import dev.holdfast.benchmarks.load.Contender.Place;
import dev.holdfast.benchmarks.load.Databases;
import dev.holdfast.benchmarks.postgres.peers.DbScheduler;
import dev.holdfast.benchmarks.postgres.peers.JobRunrQueue;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Contenders fail by themselves if they miss a job. */
@Tag("slow")
class ContendersTest {
  private static Databases databases;

  static Stream<Contender> contenders() {
    return Stream.of(new Raw(), new HoldfastQueue(4), new DbScheduler(), new JobRunrQueue());
  }

  @BeforeAll
  static void startServer() {
    databases = Databases.start();
  }

  @AfterAll
  static void stopServer() {
    databases.close();
  }

  @ParameterizedTest
  @MethodSource("contenders")
  void counts_every_job(Contender contender) throws Exception {
    assertThat(contender.drain(fresh(), 1_000)).isPositive();
    assertThat(contender.bulk(fresh(), 1_000)).isPositive();
    assertThat(contender.enqueue(fresh(), 8, Duration.ofMillis(100))).isPositive();
    assertThat(contender.idle(fresh(), Place.SAME_PROCESS, 1)).hasSize(1);
  }

  private static String fresh() throws Exception {
    return databases.fresh("contender");
  }
}
