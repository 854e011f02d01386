package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobState;
import dev.holdfast.PageRequest;
import dev.holdfast.testkit.postgres.PostgresDatabases;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Runs the example on a real PostgreSQL. */
@Timeout(60)
class SpringTransactionTest {
  private final PostgresDatabases databases = PostgresDatabases.shared(18);
  private final String url = databases.create();
  private final Holdfast holdfast = Holdfast.open(url);
  private final DriverManagerDataSource dataSource = new DriverManagerDataSource(url);
  private final SpringTransaction example = new SpringTransaction(dataSource, holdfast);

  @BeforeEach
  void createTable() {
    JdbcClient.create(dataSource)
        .sql("create table orders (number text primary key, invoiced int not null default 0)")
        .update();
  }

  @AfterEach
  void close() {
    holdfast.close();
    databases.drop(url);
  }

  private List<Job> jobs() {
    return holdfast.queue().list(JobFilter.all(), PageRequest.first(10)).items();
  }

  /** Returns the transactions that wrote the rows of orders and jobs last. */
  private Set<String> writers() {
    return Set.copyOf(
        JdbcClient.create(dataSource)
            .sql("select xmin::text from orders union select xmin::text from holdfast.jobs")
            .query(String.class)
            .list());
  }

  @Test
  void an_order_and_its_job_become_durable_together_or_not_at_all() {
    example.order("A-1");
    example.mistake("A-2");

    assertThat(writers()).hasSize(1);
    assertThat(jobs()).singleElement().extracting(Job::payload).isEqualTo("\"A-1\"");
    assertThat(
            JdbcClient.create(dataSource)
                .sql("select number from orders")
                .query(String.class)
                .list())
        .containsExactly("A-1");
  }

  @Test
  void a_handlers_writes_and_the_jobs_completion_are_one_commit() {
    holdfast.handle("invoice", String.class, example::invoice);
    holdfast.start();

    example.order("A-1");

    Job job = holdfast.await(jobs().get(0).id(), Duration.ofSeconds(30)).join();
    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(
            JdbcClient.create(dataSource)
                .sql("select invoiced from orders")
                .query(Integer.class)
                .list())
        .containsExactly(1);
    assertThat(writers()).hasSize(1);
  }
}
