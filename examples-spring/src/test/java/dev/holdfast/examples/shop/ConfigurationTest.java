package dev.holdfast.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.JobContext;
import dev.holdfast.JobFilter;
import dev.holdfast.JobHandler;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.JobType;
import dev.holdfast.NewJob;
import dev.holdfast.PageRequest;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.Schedule;
import dev.holdfast.error.ConflictException;
import dev.holdfast.spring.HandlesJob;
import dev.holdfast.spring.RecurringJob;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** Properties and beans, over a queue in a file. */
@Tag("R-62")
class ConfigurationTest {
  @TempDir Path folder;

  private ApplicationContextRunner runner() {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                dev.holdfast.spring.boot.HoldfastAutoConfiguration.class,
                dev.holdfast.spring.boot.HoldfastMetricsAutoConfiguration.class))
        .withPropertyValues("holdfast.url=" + file(), "holdfast.node.poll-interval=50ms");
  }

  private String file() {
    return folder.resolve("jobs.db").toString();
  }

  private static String failure(AssertableApplicationContext context) {
    Throwable failure = context.getStartupFailure();
    assertThat(failure).isNotNull();
    while (failure.getCause() != null) {
      failure = failure.getCause();
    }
    return String.valueOf(failure.getMessage());
  }

  private static String run(AssertableApplicationContext context, NewJob job) throws Exception {
    Holdfast holdfast = context.getBean(Holdfast.class);
    JobId id = context.getBean(JobQueue.class).enqueue(job).id();
    return holdfast.await(id, Duration.ofMinutes(1)).get().result().orElse("none");
  }

  @Test
  void all_mistakes_are_reported_at_once() {
    runner()
        .withPropertyValues(
            "holdfast.node.concurrency=none",
            "holdfast.node.lease=1ms",
            "holdfast.node.graze=1s",
            "holdfast.monitor.action=ignore",
            "holdfast.retention.failed=soon",
            "holdfast.join-transactions=perhaps")
        .run(
            context ->
                assertThat(failure(context))
                    .contains("holdfast.node.concurrency: expected a whole number, was 'none'")
                    .contains("holdfast.node.lease: lease must be")
                    .contains(
                        "unknown property holdfast.node.graze; did you mean holdfast.node.grace?")
                    .contains("holdfast.monitor.action is 'ignore': expected retry or fail")
                    .contains("holdfast.retention.failed: ")
                    .contains("holdfast.join-transactions is 'perhaps'"));
  }

  @Test
  void a_password_needs_an_address() {
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(dev.holdfast.spring.boot.HoldfastAutoConfiguration.class))
        .withPropertyValues("holdfast.password=secret")
        .run(
            context ->
                assertThat(failure(context))
                    .contains("holdfast.username and holdfast.password need holdfast.url")
                    .doesNotContain("secret"));
  }

  @Test
  void an_application_without_a_database_fails_with_advice() {
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(dev.holdfast.spring.boot.HoldfastAutoConfiguration.class))
        .run(
            context ->
                assertThat(failure(context))
                    .contains("no single DataSource")
                    .contains("holdfast.url"));
  }

  @Test
  void it_can_be_turned_off() {
    runner()
        .withPropertyValues("holdfast.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(Holdfast.class));
  }

  @Configuration(proxyBeanMethods = false)
  static class Handlers {
    @HandlesJob("nothing")
    String nothing() {
      return "nothing";
    }

    @HandlesJob(value = "text", aliases = "old-text", timeout = "${no.such:5s}")
    String text(String text, JobContext job) {
      return text + job.attempt();
    }

    @HandlesJob("context-first")
    String contextFirst(JobContext job, String text) {
      return text + job.type();
    }

    @Bean
    @HandlesJob("lambda")
    JobHandler<Integer> lambda() {
      return (number, job) -> number + 1;
    }

    @Bean
    JobType<String, Object> versioned() {
      return JobType.of("versioned", String.class).upcast(1, old -> old + "!");
    }

    @HandlesJob("versioned")
    String versioned(String text) {
      return text;
    }

    @Bean
    HandlerPolicy strict() {
      return HandlerPolicy.defaults().recovery(RecoveryPolicy.HOLD);
    }

    @HandlesJob(value = "strict", policy = "strict")
    @RecurringJob(every = "1h", name = "hourly")
    void strictly() {}

    @Bean
    Schedule nightly() {
      return Schedule.cron("nightly", "0 3 * * *", "UTC", NewJob.of("text", "night"));
    }
  }

  @Test
  void handlers_are_found_in_every_form() {
    runner()
        .withUserConfiguration(Handlers.class)
        .run(
            context -> {
              assertThat(run(context, NewJob.of("nothing", null))).isEqualTo("\"nothing\"");
              assertThat(run(context, NewJob.of("text", "a"))).isEqualTo("\"a1\"");
              assertThat(run(context, NewJob.of("old-text", "b"))).isEqualTo("\"b1\"");
              assertThat(run(context, NewJob.of("context-first", "c")))
                  .isEqualTo("\"ccontext-first\"");
              assertThat(run(context, NewJob.of("lambda", 1))).isEqualTo("2");
              assertThat(run(context, NewJob.of("versioned", "d").version(1))).isEqualTo("\"d!\"");
              assertThat(run(context, NewJob.of("strict", null))).isEqualTo("none");
              assertThat(context.getBean(Holdfast.class).queue().schedules().list())
                  .extracting(schedule -> schedule.name())
                  .containsExactlyInAnyOrder("hourly", "nightly");
            });
  }

  @Configuration(proxyBeanMethods = false)
  static class WrongHandlers {
    @HandlesJob("twice")
    void one() {}

    @HandlesJob("twice")
    void two() {}

    @HandlesJob("too-many")
    void tooMany(String one, String two) {}

    @HandlesJob(value = "late", timeout = "later")
    void late() {}

    @HandlesJob(value = "lost", policy = "no-such-bean")
    void lost() {}

    @HandlesJob("idle")
    @RecurringJob
    void idle() {}
  }

  @Test
  void all_wrong_handlers_are_reported_at_once() {
    runner()
        .withUserConfiguration(WrongHandlers.class)
        .run(
            context ->
                assertThat(failure(context))
                    .contains("type 'twice' has a handler already")
                    .contains("it takes 2 parameters: expected the payload")
                    .contains("WrongHandlers.late: 'later' is ")
                    .contains("there is no bean 'no-such-bean' of type HandlerPolicy")
                    .contains("schedule 'idle' needs either a cron expression or an interval"));
  }

  @Test
  void without_a_node_jobs_wait() {
    runner()
        .withUserConfiguration(Handlers.class)
        .withPropertyValues("holdfast.node.enabled=false")
        .run(
            context -> {
              context.getBean(JobQueue.class).enqueue(NewJob.of("nothing", null));
              assertThat(context.getBean(Holdfast.class).queue().status().nodes()).isEmpty();
              assertThat(
                      context
                          .getBean(Holdfast.class)
                          .queue()
                          .list(JobFilter.all(), PageRequest.first(10))
                          .items())
                  .singleElement()
                  .matches(job -> job.state() == JobState.PENDING);
            });
  }

  @Configuration(proxyBeanMethods = false)
  static class OtherDatabase {
    @Bean
    DriverManagerDataSource dataSource(
        @org.springframework.beans.factory.annotation.Value("${other}") String other) {
      return new DriverManagerDataSource("jdbc:sqlite:" + other);
    }

    @Bean
    DataSourceTransactionManager transactionManager(DriverManagerDataSource dataSource) {
      return new DataSourceTransactionManager(dataSource);
    }
  }

  private static void transact(AssertableApplicationContext context, boolean commits) {
    new TransactionTemplate(context.getBean(DataSourceTransactionManager.class))
        .executeWithoutResult(
            status -> {
              new JdbcTemplate(context.getBean(DriverManagerDataSource.class))
                  .execute("create table if not exists t" + commits + " (id integer)");
              context.getBean(JobQueue.class).enqueue(NewJob.of("nothing", null));
              if (!commits) {
                status.setRollbackOnly();
              }
            });
  }

  private static int jobs(AssertableApplicationContext context) {
    return context
        .getBean(Holdfast.class)
        .queue()
        .list(JobFilter.all(), PageRequest.first(10))
        .items()
        .size();
  }

  @Test
  void a_queue_in_the_applications_own_file_joins_its_transactions() {
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(dev.holdfast.spring.boot.HoldfastAutoConfiguration.class))
        .withUserConfiguration(OtherDatabase.class)
        .withPropertyValues("other=" + file(), "holdfast.node.enabled=false")
        .run(
            context -> {
              transact(context, true);
              transact(context, false);
              assertThat(jobs(context)).isEqualTo(1);
            });
  }

  @Test
  void a_transaction_of_another_database_is_refused() {
    runner()
        .withUserConfiguration(OtherDatabase.class)
        .withPropertyValues("other=" + folder.resolve("other.db"), "holdfast.node.enabled=false")
        .run(
            context -> {
              assertThatThrownBy(() -> transact(context, true)).hasMessageContaining("other.db");
              assertThat(jobs(context)).isZero();
            });
  }

  @Test
  void a_transaction_is_disregarded_when_configured_so() {
    runner()
        .withUserConfiguration(OtherDatabase.class)
        .withPropertyValues(
            "other=" + folder.resolve("other.db"),
            "holdfast.node.enabled=false",
            "holdfast.join-transactions=false")
        .run(
            context -> {
              transact(context, false);
              assertThat(jobs(context)).isEqualTo(1);
            });
  }

  @Test
  void a_transaction_of_JTA_is_refused_in_words() {
    runner()
        .withBean(
            org.springframework.transaction.jta.JtaTransactionManager.class,
            () ->
                new org.springframework.transaction.jta.JtaTransactionManager(new OneTransaction()))
        .withPropertyValues("holdfast.node.enabled=false")
        .run(
            context -> {
              TransactionTemplate jta =
                  new TransactionTemplate(
                      context.getBean(
                          org.springframework.transaction.jta.JtaTransactionManager.class));
              assertThatThrownBy(
                      () ->
                          jta.executeWithoutResult(
                              status ->
                                  context
                                      .getBean(JobQueue.class)
                                      .enqueue(NewJob.of("nothing", null))))
                  .isInstanceOf(ConflictException.class)
                  .hasMessageContaining("it is one of JTA");
              assertThat(jobs(context)).isZero();
            });
  }
}
