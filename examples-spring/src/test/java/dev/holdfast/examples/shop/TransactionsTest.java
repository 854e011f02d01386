package dev.holdfast.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Holdfast;
import dev.holdfast.JobQueue;
import dev.holdfast.NewJob;
import dev.holdfast.error.ConflictException;
import java.util.List;
import java.util.function.Consumer;
import org.jooq.DSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Purchases and jobs in one transaction, through each way to the database. */
@Tag("R-62")
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.NONE,
    properties = "holdfast.node.enabled=false")
class TransactionsTest {
  private static final int PURCHASES = 1_000;

  @Autowired Counter counter;
  @Autowired Holdfast holdfast;
  @Autowired JobQueue queue;
  @Autowired JdbcClient jdbc;
  @Autowired JdbcTemplate template;
  @Autowired DSLContext jooq;
  @Autowired PlatformTransactionManager manager;

  @DynamicPropertySource
  static void database(DynamicPropertyRegistry properties) {
    properties.add("spring.datasource.url", TestDatabase::url);
    properties.add("spring.datasource.username", () -> "postgres");
  }

  @BeforeEach
  void empty() {
    jdbc.sql("delete from holdfast.jobs").update();
    jdbc.sql("delete from purchases").update();
  }

  private List<Long> purchases() {
    return jdbc.sql("select id from purchases order by id").query(Long.class).list();
  }

  private List<Long> jobs() {
    return jdbc.sql(
            """
            select (p.payload::json ->> 'purchase')::bigint
              from holdfast.jobs p where type = 'invoice' order by 1
            """)
        .query(Long.class)
        .list();
  }

  private long jobCount() {
    return jdbc.sql("select count(*) from holdfast.jobs").query(Long.class).single();
  }

  @Test
  void a_thousand_purchases_by_JPA_commit_and_roll_back_with_their_jobs() {
    int committed = 0;
    for (int number = 0; number < PURCHASES; number++) {
      boolean fails = number % 3 == 0;
      try {
        counter.buy("customer-" + number, fails ? " " : "lamp");
        committed++;
      } catch (IllegalArgumentException rolledBack) {
        assertThat(fails).isTrue();
      }
    }

    assertThat(committed).isEqualTo(666);
    assertThat(purchases()).hasSize(committed);
    assertThat(jobs()).isEqualTo(purchases());
  }

  private void checkJoins(Consumer<String> insert) {
    TransactionTemplate transaction = new TransactionTemplate(manager);

    transaction.executeWithoutResult(
        status -> {
          insert.accept("kept");
          queue.enqueue(NewJob.of("mail", "kept"));
        });
    transaction.executeWithoutResult(
        status -> {
          insert.accept("lost");
          queue.enqueue(NewJob.of("mail", "lost"));
          status.setRollbackOnly();
        });

    assertThat(jdbc.sql("select customer from purchases").query(String.class).list())
        .containsExactly("kept");
    assertThat(jobCount()).isEqualTo(1);
  }

  @Test
  void jobs_join_what_JdbcClient_writes() {
    checkJoins(
        name ->
            jdbc.sql("insert into purchases (customer, article) values (?, 'lamp')")
                .param(name)
                .update());
  }

  @Test
  void jobs_join_what_JdbcTemplate_writes() {
    checkJoins(
        name ->
            template.update("insert into purchases (customer, article) values (?, 'lamp')", name));
  }

  @Test
  void jobs_join_what_jOOQ_writes() {
    checkJoins(
        name -> jooq.execute("insert into purchases (customer, article) values (?, 'lamp')", name));
  }

  @Test
  void a_transaction_within_another_keeps_its_own_jobs() {
    TransactionTemplate outer = new TransactionTemplate(manager);
    TransactionTemplate inner = new TransactionTemplate(manager);
    inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

    outer.executeWithoutResult(
        status -> {
          queue.enqueue(NewJob.of("mail", "outer"));
          inner.executeWithoutResult(own -> queue.enqueue(NewJob.of("mail", "inner")));
          status.setRollbackOnly();
        });

    assertThat(jdbc.sql("select payload::text from holdfast.jobs").query(String.class).list())
        .containsExactly("\"inner\"");
  }

  @Test
  void without_a_transaction_a_job_is_durable_at_once() {
    queue.enqueue(NewJob.of("mail", "now"));

    assertThat(jobCount()).isEqualTo(1);
  }

  @Test
  void the_Holdfast_bean_enqueues_independently() {
    new TransactionTemplate(manager)
        .executeWithoutResult(
            status -> {
              holdfast.enqueue(NewJob.of("mail", "stays"));
              status.setRollbackOnly();
            });

    assertThat(jobCount()).isEqualTo(1);
  }

  @Test
  void a_transaction_that_only_reads_is_refused_in_words() {
    TransactionTemplate reading = new TransactionTemplate(manager);
    reading.setReadOnly(true);

    assertThatThrownBy(
            () -> reading.executeWithoutResult(status -> queue.enqueue(NewJob.of("mail", "x"))))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("it only reads: leave out readOnly = true");
    assertThat(jobCount()).isZero();
  }
}
