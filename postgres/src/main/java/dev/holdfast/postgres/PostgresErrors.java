package dev.holdfast.postgres;

import dev.holdfast.BusyException;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.NotFoundException;
import dev.holdfast.PermissionException;
import dev.holdfast.StorageException;
import dev.holdfast.StoreUnavailableException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/**
 * What PostgreSQL's error codes mean to a caller (PostgreSQL documentation, appendix A). Of a
 * code's five characters the first two name its class.
 */
final class PostgresErrors {
  private static final String DEADLOCK = "40P01";
  private static final String SERIALIZATION = "40001";
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String NO_SUCH_DATABASE = "3D000";
  private static final String NO_PRIVILEGE = "42501";
  private static final String DISK_FULL = "53100";
  private static final String READ_ONLY = "25006";
  private static final String IDLE_TOO_LONG = "25P03";

  private final String name;

  PostgresErrors(PostgresAddress address) {
    this.name = address.name();
  }

  /** The transaction was chosen to end so that another could go on: it can be repeated at once. */
  static final class LostRaceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private LostRaceException(SQLException cause) {
      super(cause);
    }
  }

  RuntimeException meaning(SQLException failure) {
    String state = stateOf(failure);
    return switch (state) {
      case DEADLOCK, SERIALIZATION -> new LostRaceException(failure);
      case LOCK_NOT_AVAILABLE ->
          new BusyException(
              "a row of '%s' is held by another transaction for longer than 5 s: nothing was changed, try again"
                  .formatted(name),
              failure);
      case NO_SUCH_DATABASE ->
          new NotFoundException(
              "there is no database '%s': create it first, with createdb".formatted(name), failure);
      case NO_PRIVILEGE ->
          new PermissionException(
              "'%s' refused this user (%s): grant him the schema holdfast, or let its owner open it once"
                  .formatted(name, firstLine(failure)),
              failure);
      case DISK_FULL ->
          new StorageException(
              "the disk of '%s' is full: nothing was written, make room and try again"
                  .formatted(name),
              failure);
      default -> byClass(state, failure);
    };
  }

  private RuntimeException byClass(String state, SQLException failure) {
    return switch (state.substring(0, 2)) {
      case "08", "57", "53" -> unavailable(failure);
      case "25" ->
          state.equals(READ_ONLY) || state.equals(IDLE_TOO_LONG)
              ? unavailable(failure)
              : bug(failure);
      case "28" ->
          new PermissionException(
              "'%s' refused the user or the password: name them in the address, or in ~/.pgpass"
                  .formatted(name),
              failure);
      case "58", "XX" ->
          new StorageException(
              "PostgreSQL could not read or write '%s' (%s): look at its log"
                  .formatted(name, firstLine(failure)),
              failure);
      default ->
          failure instanceof SQLTransientConnectionException ? unavailable(failure) : bug(failure);
    };
  }

  private StoreUnavailableException unavailable(SQLException failure) {
    return new StoreUnavailableException(
        "'%s' does not answer (%s): is the server running, and can it be reached? Try again"
            .formatted(name, firstLine(failure)),
        failure);
  }

  private static IllegalStateException bug(SQLException failure) {
    return new IllegalStateException(
        "PostgreSQL refused a statement (%s): a bug".formatted(firstLine(failure)), failure);
  }

  /** What it means inside a transaction of the caller, in which nothing can be repeated. */
  RuntimeException meaningForCaller(SQLException failure) {
    RuntimeException meaning = meaning(failure);
    if (meaning instanceof LostRaceException) {
      return new BusyException(
          "your transaction lost a race with another (%s): roll it back and repeat it"
              .formatted(firstLine(failure)),
          failure);
    }
    String state = stateOf(failure);
    return state.equals("25P02")
        ? new InvalidRequestException("your transaction has failed before: roll it back", failure)
        : meaning;
  }

  /** The pool wraps what a connection's opening failed with. */
  private static String stateOf(SQLException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState();
      }
    }
    return "HY000";
  }

  static String firstLine(SQLException failure) {
    Throwable deepest = failure;
    while (deepest.getCause() instanceof SQLException inner) {
      deepest = inner;
    }
    return String.valueOf(deepest.getMessage()).lines().findFirst().orElse("");
  }
}
