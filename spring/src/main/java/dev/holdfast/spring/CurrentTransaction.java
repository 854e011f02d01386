package dev.holdfast.spring;

import dev.holdfast.Transaction;
import dev.holdfast.error.ConflictException;
import dev.holdfast.jdbc.JdbcTransaction;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Finds the transaction of Spring that the calling thread is in, for {@link
 * dev.holdfast.spi.Embedding#joining}: {@code @Transactional} and {@code TransactionTemplate}
 * alike, of JDBC and of JPA through Hibernate.
 *
 * <p>It refuses to enqueue where a job could not share the fate of the caller's transaction: in one
 * of JTA, in one of another {@code DataSource}, and in one that only reads.
 */
public final class CurrentTransaction implements Supplier<Optional<Transaction>> {
  private final @Nullable DataSource dataSource;
  private final boolean isJta;

  private CurrentTransaction(@Nullable DataSource dataSource, boolean isJta) {
    this.dataSource = dataSource;
    this.isJta = isJta;
  }

  /** Transactions of {@code dataSource}, as its transaction manager knows it. */
  public static CurrentTransaction of(DataSource dataSource) {
    return new CurrentTransaction(dataSource, false);
  }

  /** Creates one for an application without a {@code DataSource}: it rejects every transaction. */
  public static CurrentTransaction ofNone() {
    return new CurrentTransaction(null, false);
  }

  /** Creates one for an application with JTA transactions: it rejects every transaction. */
  public static CurrentTransaction ofJta() {
    return new CurrentTransaction(null, true);
  }

  /**
   * The transaction that is open; empty if there is none.
   *
   * @throws ConflictException if there is one that jobs cannot be enqueued in
   */
  @Override
  public Optional<Transaction> get() {
    if (!TransactionSynchronizationManager.isActualTransactionActive()) {
      return Optional.empty();
    }
    if (isJta) {
      throw refusal(
          "it is one of JTA, which Holdfast cannot join: use a transaction manager for JDBC or"
              + " JPA");
    }
    Object resource =
        dataSource == null ? null : TransactionSynchronizationManager.getResource(dataSource);
    if (!(resource instanceof ConnectionHolder holder)) {
      throw refusal("it is not one of the DataSource that Holdfast uses");
    }
    if (TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
      throw refusal("it only reads: leave out readOnly = true");
    }
    return Optional.of(JdbcTransaction.of(holder.getConnection()));
  }

  private static ConflictException refusal(String why) {
    return new ConflictException(
        "the job cannot be enqueued within the current transaction: "
            + why
            + ". To enqueue independently of transactions, set holdfast.join-transactions=false"
            + " or use the Holdfast bean");
  }
}
