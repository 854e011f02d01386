package dev.holdfast.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobContext;
import dev.holdfast.JobFilter;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.PageRequest;
import dev.holdfast.RetryPolicy;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.jdbc.JdbcTransaction;
import dev.holdfast.step.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Steps and waits of handlers in transactions of Spring, on the database of a subclass. */
@Tag("R-62")
@Tag("R-69")
@Timeout(60)
abstract class StepsInTransactions {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final HandlerPolicy AT_ONCE =
      HandlerPolicy.defaults().retry(RetryPolicy.fixed(Duration.ofMillis(1)));

  private Holdfast holdfast;
  private DriverManagerDataSource dataSource;
  private JdbcTemplate jdbc;
  private TransactionTemplate transactions;
  private AnnotationConfigApplicationContext context;

  /** The address of the queue. */
  abstract String address();

  /** The URL of the same database for JDBC. */
  abstract String url();

  /** The work of a handler. */
  @FunctionalInterface
  interface Work {
    @Nullable Object in(JobContext job) throws Exception;
  }

  /** A bean whose method has a transaction. */
  public static class Orders {
    private Work work = job -> null;

    /** Handles orders. */
    @HandlesJob("annotated")
    @Transactional
    public @Nullable Object handle(String order, JobContext job) throws Exception {
      return work.in(job);
    }

    void does(Work newWork) {
      work = newWork;
    }
  }

  /** Makes {@code @Transactional} work. */
  @EnableTransactionManagement(proxyTargetClass = true)
  static class Configuration {}

  @BeforeEach
  void open() {
    holdfast = Holdfast.open(address());
    dataSource = new DriverManagerDataSource(url());
    jdbc = new JdbcTemplate(dataSource);
    jdbc.execute("create table effects (name text, attempt integer)");
    DataSourceTransactionManager manager = new DataSourceTransactionManager(dataSource);
    transactions = new TransactionTemplate(manager);
    context = new AnnotationConfigApplicationContext();
    context.register(Configuration.class, Orders.class);
    context.registerBean(PlatformTransactionManager.class, () -> manager);
    context.registerBean(
        HoldfastLifecycle.class,
        () ->
            new HoldfastLifecycle(
                holdfast, context.getBeanFactory(), Optional.of(NodeConfig.defaults())));
  }

  @AfterEach
  void close() {
    context.close();
    holdfast.close();
  }

  private Job run(Work work) throws Exception {
    holdfast.handle("plain", String.class, (payload, job) -> work.in(job), AT_ONCE);
    context.refresh();
    return end("plain");
  }

  private Job end(String type) throws Exception {
    return holdfast.await(holdfast.enqueue(NewJob.of(type, "A-1")).id(), LONG).get();
  }

  private void write(JobContext job, String name) {
    jdbc.update("insert into effects values (?, ?)", name, job.attempt());
  }

  private List<String> effects() {
    return jdbc.queryForList("select name || ' ' || attempt from effects", String.class);
  }

  private List<String> steps(Job job) {
    return holdfast.queue().steps(job.id()).stream().map(Step::name).toList();
  }

  private JdbcTransaction current() {
    return JdbcTransaction.of(DataSourceUtils.getConnection(dataSource));
  }

  /** A call that has to be refused. */
  private interface Call {
    void call() throws Exception;
  }

  private static void refuses(String message, Call call) {
    assertThatThrownBy(call::call)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void waits_are_refused_before_anything_is_recorded() throws Exception {
    String why = "step 'wait' suspends the job while a transaction of Spring is open";
    Job job =
        run(
            run -> {
              transactions.executeWithoutResult(
                  status -> {
                    write(run, "order");
                    refuses(why, () -> run.sleep("wait", Duration.ZERO));
                    refuses(why, () -> run.awaitSignal("wait", String.class, LONG));
                    refuses(why, () -> run.await("wait", List.of(NewJob.of("parcel", 1))));
                  });
              return "done";
            });

    assertThat(job.failure()).isEmpty();
    assertThat(job.result()).contains("\"done\"");
    assertThat(steps(job)).isEmpty();
    assertThat(holdfast.queue().list(JobFilter.all(), PageRequest.first(10)).items()).hasSize(1);
    assertThat(effects()).containsExactly("order 1");
  }

  @Test
  void a_step_that_would_outlive_a_rollback_is_refused_and_its_work_does_not_run()
      throws Exception {
    Job job =
        run(
            run -> {
              transactions.executeWithoutResult(
                  status ->
                      refuses(
                          "step 'charge' is called while a transaction of Spring is open",
                          () -> run.step("charge", () -> write(run, "charge"))));
              return "done";
            });

    assertThat(job.failure()).isEmpty();
    assertThat(steps(job)).isEmpty();
    assertThat(effects()).isEmpty();
  }

  @Test
  void a_transaction_within_a_step_and_waits_behind_it_are_fine() throws Exception {
    Job job =
        run(
            run -> {
              run.step(
                  "charge",
                  () -> transactions.executeWithoutResult(status -> write(run, "charge")));
              run.sleep("nap", Duration.ZERO);
              transactions.executeWithoutResult(status -> write(run, "order"));
              run.step("tell", () -> write(run, "tell"));
              return "done";
            });

    assertThat(job.failure()).isEmpty();
    assertThat(steps(job)).containsExactly("charge", "nap", "tell");
    assertThat(effects()).hasSize(3);
  }

  @Test
  void stepIn_is_committed_and_rolled_back_with_the_transaction() throws Exception {
    Job job =
        run(
            run -> {
              String receipt =
                  transactions.execute(
                      status -> {
                        String charged = charge(run);
                        if (run.attempt() == 1) {
                          throw new IllegalStateException("rolled back");
                        }
                        refuses("step 'nap'", () -> run.sleep("nap", Duration.ZERO));
                        return charged;
                      });
              if (run.attempt() == 2) {
                throw new IllegalStateException("failed after the commit");
              }
              run.step("tell", () -> {});
              return receipt;
            });

    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(job.result()).contains("\"receipt of attempt 2\"");
    assertThat(steps(job)).containsExactly("charge", "tell");
    assertThat(effects()).containsExactly("charge 2");
  }

  private String charge(JobContext run) {
    try {
      return run.stepIn(
          current(),
          "charge",
          String.class,
          () -> {
            write(run, "charge");
            return "receipt of attempt " + run.attempt();
          });
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Test
  void completeIn_joins_the_transaction_and_no_wait_follows_it() throws Exception {
    Job job =
        run(
            run -> {
              transactions.executeWithoutResult(
                  status -> {
                    write(run, "order");
                    run.completeIn(current(), "done");
                    refuses("step 'nap'", () -> run.sleep("nap", Duration.ZERO));
                    refuses("step 'tell'", () -> run.step("tell", () -> {}));
                  });
              return null;
            });

    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(job.result()).contains("\"done\"");
    assertThat(effects()).containsExactly("order 1");
  }

  @Test
  void the_transaction_of_an_annotated_method_is_named() throws Exception {
    context.refresh();
    context
        .getBean(Orders.class)
        .does(
            run -> {
              refuses(
                  "step 'nap' suspends the job while the transaction of Spring of "
                      + Orders.class.getName()
                      + ".handle is open",
                  () -> run.sleep("nap", Duration.ZERO));
              charge(run);
              return "done";
            });

    Job job = end("annotated");

    assertThat(job.failure()).isEmpty();
    assertThat(steps(job)).containsExactly("charge");
    assertThat(effects()).containsExactly("charge 1");
  }
}
