package dev.holdfast.examples;

import dev.holdfast.Holdfast;
import dev.holdfast.JobContext;
import dev.holdfast.NewJob;
import dev.holdfast.jdbc.JdbcTransaction;
import java.sql.Connection;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Orders and jobs in one transaction that Spring manages, on PostgreSQL. */
final class SpringTransaction {
  private final DataSource dataSource;
  private final JdbcClient orders;
  private final TransactionTemplate transactions;
  private final Holdfast holdfast;

  SpringTransaction(DataSource dataSource, Holdfast holdfast) {
    this.dataSource = dataSource;
    this.orders = JdbcClient.create(dataSource);
    this.transactions = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    this.holdfast = holdfast;
  }

  // snippet: enqueue
  /** Enqueues within a transaction, here of a template; {@code @Transactional} works as well. */
  void order(String number) {
    transactions.executeWithoutResult(
        status -> {
          orders.sql("insert into orders (number) values (?)").param(number).update();
          holdfast.queue().in(current()).enqueue(NewJob.of("invoice", number));
        });
  }

  /** Returns the transaction of this thread, as managed by Spring. */
  private JdbcTransaction current() {
    Connection connection = DataSourceUtils.getConnection(dataSource);
    return JdbcTransaction.of(connection);
  }

  // end

  // snippet: complete
  /** Handles such jobs; its writes and the job's completion are one commit. */
  Object invoice(String number, JobContext job) {
    transactions.executeWithoutResult(
        status -> {
          orders
              .sql("update orders set invoiced = invoiced + 1 where number = ?")
              .param(number)
              .update();
          job.completeIn(current(), number);
        });
    return number;
  }

  // end

  /** Rolls back an order within its transaction, which leaves no job. */
  void mistake(String number) {
    transactions.executeWithoutResult(
        status -> {
          orders.sql("insert into orders (number) values (?)").param(number).update();
          holdfast.queue().in(current()).enqueue(NewJob.of("invoice", number));
          status.setRollbackOnly();
        });
  }
}
