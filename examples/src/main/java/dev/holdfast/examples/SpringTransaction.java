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

/** Orders and jobs in one transaction that Spring manages, in PostgreSQL. */
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
  /** Within a transaction: of a template as here, or of {@code @Transactional}. */
  void order(String number) {
    transactions.executeWithoutResult(
        status -> {
          orders.sql("insert into orders (number) values (?)").param(number).update();
          holdfast.in(current()).enqueue(NewJob.of("invoice", number));
        });
  }

  /** The transaction of this thread, as Spring keeps it. */
  private JdbcTransaction current() {
    Connection connection = DataSourceUtils.getConnection(dataSource);
    return JdbcTransaction.of(connection);
  }

  // end

  // snippet: complete
  /** The handler of such jobs: its writes and the job's completion are one commit. */
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

  /** An order that somebody takes back within its transaction leaves no job. */
  void mistake(String number) {
    transactions.executeWithoutResult(
        status -> {
          orders.sql("insert into orders (number) values (?)").param(number).update();
          holdfast.in(current()).enqueue(NewJob.of("invoice", number));
          status.setRollbackOnly();
        });
  }
}
