package dev.holdfast.benchmarks.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.benchmarks.load.Databases;
import dev.holdfast.benchmarks.load.HoldfastLoad;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checks that the upper bound writes as much as Holdfast does. */
class RawPostgresTest {
  private static final String SHAPES =
      """
      select string_agg(distinct shape, E'\\n') from (
        select (select string_agg(key, ' ' order by key)
                  from jsonb_each_text(to_jsonb(jobs)) where value is not null) as shape
          from holdfast.jobs) as rows
      """;

  private Databases databases;
  private String address;

  @BeforeEach
  void startServer() throws Exception {
    databases = Databases.start();
    address = databases.fresh("raw");
  }

  @AfterEach
  void stopServer() {
    databases.close();
  }

  @Test
  void fills_the_columns_that_Holdfast_fills() throws Exception {
    HoldfastLoad.bulk(address, HoldfastLoad.BATCH);
    String pending = Databases.text(address, SHAPES);

    try (RawPostgres raw = new RawPostgres(address)) {
      raw.insert(2);
      raw.copy(2);
    }

    assertThat(Databases.text(address, SHAPES)).isEqualTo(pending);
  }

  @Test
  void fills_the_lane_that_Holdfast_fills() throws Exception {
    HoldfastLoad.bulk(address, HoldfastLoad.BATCH);

    try (RawPostgres raw = new RawPostgres(address)) {
      raw.insert(2);
      raw.copy(2);
    }

    assertThat(
            Databases.text(
                address, "select string_agg(distinct lane::text, ' ') from holdfast.jobs"))
        .isEqualTo(Long.toString(RawStatements.LANE));
    assertThat(Databases.text(address, "select string_agg(id::text, ' ') from holdfast.lanes"))
        .isEqualTo(Long.toString(RawStatements.LANE));
  }

  @Test
  void completes_a_job_as_Holdfast_does() throws Exception {
    HoldfastLoad.drain(address, HoldfastLoad.BATCH, 4);
    String completed = Databases.text(address, SHAPES);

    try (RawPostgres raw = new RawPostgres(address)) {
      raw.copy(10);
      List<RawPostgres.Claimed> claimed = raw.exchange(List.of(), 100);
      assertThat(claimed).hasSize(10);
      raw.exchange(claimed, 100);
    }

    assertThat(Databases.text(address, SHAPES)).isEqualTo(completed);
    assertThat(RawPostgres.count(address, "COMPLETED")).isEqualTo(HoldfastLoad.BATCH + 10);
  }
}
