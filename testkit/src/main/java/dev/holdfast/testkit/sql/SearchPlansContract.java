package dev.holdfast.testkit.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.NewJob;
import dev.holdfast.Page;
import dev.holdfast.PageRequest;
import dev.holdfast.engine.Handlers;
import dev.holdfast.engine.JacksonCodec;
import dev.holdfast.engine.queue.StoreQueue;
import dev.holdfast.search.FieldMatch;
import dev.holdfast.search.JobField;
import dev.holdfast.search.Scope;
import dev.holdfast.spi.JobStore;
import dev.holdfast.test.time.MovableTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The plans of searches: along which index they go, and how many jobs they read. */
@Tag("R-14")
public abstract class SearchPlansContract {
  private static final int JOBS = 20_000;
  private static final int RARE = 1_000; // one job of so many
  private static final int GROUPS = 4;
  private static final int ALL_AT_ONCE = 5_000;
  private static final int TRIES = 1_000;
  private static final PageRequest PAGE = PageRequest.first(100);

  private final RecordedStatements statements = new RecordedStatements();
  private final MovableTime time = new MovableTime();
  private JobStore store;

  /** Opens the store under test, with connections that {@code wrap} returns. */
  @SuppressWarnings("exports") // virtual time is for tests of this build
  protected abstract JobStore open(MovableTime clock, UnaryOperator<Connection> wrap)
      throws SQLException;

  /** Returns how the database runs a query of a search. */
  protected abstract String plan(String query) throws SQLException;

  /** Returns what a plan contains that reads all jobs. */
  protected abstract String scan();

  @BeforeEach
  void enqueue() throws SQLException {
    store = open(time, statements::wrap);
    StoreQueue queue =
        new StoreQueue(
            store,
            new Handlers(new JacksonCodec()),
            time,
            new SplittableRandom(1),
            () -> {
              throw new IllegalStateException("nobody waits here");
            },
            Runnable::run);
    queue.enqueue(IntStream.range(0, JOBS).mapToObj(SearchPlansContract::job).toList());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static NewJob job(int i) {
    return NewJob.of("t", Map.of("customer", i / RARE))
        .group("g" + i % GROUPS)
        .tags(i % RARE == 1 ? new String[] {"often", "rare"} : new String[] {"often"});
  }

  /** Searches, and checks that no statement scanned all jobs. */
  private Page<Job> search(JobFilter filter, String index) throws SQLException {
    String unused = String.join("", statements.take(""));
    Page<Job> page = store.search(filter, PAGE);
    List<String> queries = statements.take("walked_id");
    assertThat(queries).isNotEmpty();
    for (String query : queries) {
      assertThat(plan(query)).as(query).contains(index).doesNotContain(scan());
    }
    return page;
  }

  @Test
  void a_search_by_tags_reads_the_jobs_with_the_rarest() throws SQLException {
    Page<Job> page = search(JobFilter.all().allTags(List.of("often", "rare")), "job_fields");

    assertThat(page.items()).hasSize(JOBS / RARE);
    assertThat(page.searched()).isEqualTo(JOBS / RARE);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 24})
  void a_search_by_an_indexed_field_reads_the_jobs_with_that_value(long hoursBack)
      throws SQLException {
    store
        .queues()
        .configure(
            "default",
            settings -> settings.indexedFields(List.of(JobField.parse("payload.customer"))));
    JobFilter one = JobFilter.all().queue("default").field(FieldMatch.parse("payload.customer=7"));
    assertThat(store.search(one, PAGE).items()).hasSize(100);

    time.stepWallClock(Duration.ofHours(-hoursBack));
    var unused = store.bulkOperations().indexFields(ALL_AT_ONCE);
    time.advance(Duration.ofSeconds(11));
    JobFilter none = JobFilter.all().queue("default").field(FieldMatch.parse("payload.customer=x"));
    for (int i = 0; store.search(none, PAGE).searched() > 0 && i < TRIES; i++) {
      store
          .bulkOperations()
          .indexFields(ALL_AT_ONCE); // other transactions of the server may hold it up
    }

    assertThat(search(one, "job_fields").searched()).isEqualTo(100);
    assertThat(store.search(none, PAGE).searched()).isZero();
  }

  @Test
  void the_group_of_a_scope_is_a_part_of_the_walk() throws SQLException {
    JobFilter own = JobFilter.all().anyTags(List.of("rare")).within(Scope.of(Set.of("g1")));
    JobFilter foreign = JobFilter.all().anyTags(List.of("rare")).within(Scope.of(Set.of("g2")));

    assertThat(search(own, "job_fields_group").searched()).isEqualTo(JOBS / RARE);
    assertThat(search(foreign, "job_fields_group").searched()).isZero();
  }
}
