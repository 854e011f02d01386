package dev.holdfast.spring;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Describes the transaction of Spring that the calling thread is in, whatever its resource. */
final class SpringTransactions implements Supplier<Optional<String>> {

  @Override
  public Optional<String> get() {
    if (!TransactionSynchronizationManager.isActualTransactionActive()) {
      return Optional.empty();
    }
    @Nullable String name = TransactionSynchronizationManager.getCurrentTransactionName();
    return Optional.of(
        name == null ? "a transaction of Spring" : "the transaction of Spring of " + name);
  }
}
