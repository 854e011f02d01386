package dev.holdfast.spring.boot;

import dev.holdfast.NodeConfig;
import dev.holdfast.error.InvalidRequestException;
import java.util.Optional;
import org.springframework.core.env.Environment;

/**
 * The properties {@code holdfast.*}, checked.
 *
 * @param url the address of the queue, if it is not the application's {@code DataSource}
 * @param username goes with the address
 * @param password goes with the address
 * @param dataSource the name of the bean, if there are several
 * @param joinsTransactions whether the {@code JobQueue} enqueues within the current transaction
 * @param node empty if this process runs no handlers
 */
record HoldfastSettings(
    Optional<String> url,
    Optional<String> username,
    Optional<String> password,
    Optional<String> dataSource,
    boolean joinsTransactions,
    Optional<NodeConfig> node) {

  /**
   * Reads and checks all properties.
   *
   * @throws InvalidRequestException naming every one that is wrong
   */
  static HoldfastSettings read(Environment environment) {
    return SettingsReader.read(environment);
  }
}
