package dev.holdfast.postgres;

import dev.holdfast.error.BusyException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.error.PermissionException;
import dev.holdfast.error.SchemaException;
import dev.holdfast.error.StorageException;
import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.jdbc.dialect.Moved;
import dev.holdfast.jdbc.sql.SqlErrors;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;

/**
 * Translates PostgreSQL's error codes for callers (PostgreSQL documentation, appendix A). Of a
 * code's five characters the first two name its class.
 */
final class PostgresErrors implements SqlErrors {
  private static final String DEADLOCK = "40P01";
  private static final String SERIALIZATION = "40001";
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String NO_SUCH_DATABASE = "3D000";
  private static final String NO_PRIVILEGE = "42501";
  private static final String DISK_FULL = "53100";
  private static final String NO_SUCH_TABLE = "42P01";
  private static final String NO_SUCH_COLUMN = "42703";
  private static final String NO_SUCH_FUNCTION = "42883";
  private static final String NO_SUCH_SCHEMA = "3F000";
  private static final String READ_ONLY = "25006";
  private static final String FAILED_BEFORE = "25P02"; // in_failed_sql_transaction
  private static final String CANCELLED = "57014"; // query_canceled
  private static final String CONSTRAINTS = "23";
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

  /**
   * Returns whether an error fails only the transaction, so that its connection can be used again.
   */
  @Override
  public boolean isHarmless(SQLException failure) {
    String state = stateOf(failure);
    return switch (state) {
      case PostgresFence.REFUSED, DEADLOCK, SERIALIZATION, LOCK_NOT_AVAILABLE, FAILED_BEFORE ->
          true;
      default -> state.startsWith(CONSTRAINTS);
    };
  }

  @Override
  public RuntimeException meaning(SQLException failure) {
    String state = stateOf(failure);
    return switch (state) {
      case PostgresFence.REFUSED -> Moved.meaning(failure).orElseThrow(() -> bug(failure));
      case DEADLOCK, SERIALIZATION -> new LostRaceException(failure);
      case LOCK_NOT_AVAILABLE ->
          new BusyException(
              "another transaction holds a row or table of '%s' that this needs: nothing was changed, try again"
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
      case NO_SUCH_TABLE, NO_SUCH_COLUMN, NO_SUCH_FUNCTION, NO_SUCH_SCHEMA ->
          new SchemaException(
              "'%s' has no longer the schema of a queue (%s): somebody dropped or changed it; restore a backup"
                  .formatted(name, firstLine(failure)),
              failure);
      case DISK_FULL ->
          new StorageException(
              "the disk of '%s' is full: nothing was written, free some space and try again"
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
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException unknown) {
        return new StoreUnavailableException(
            "the host of '%s' is not known (%s): is its name right?"
                .formatted(name, unknown.getMessage()),
            failure);
      }
    }
    return new StoreUnavailableException(
        "'%s' does not answer (%s): is the server running, and can it be reached? Try again"
            .formatted(name, firstLine(failure)),
        failure);
  }

  private static IllegalStateException bug(SQLException failure) {
    return new IllegalStateException(
        "PostgreSQL refused a statement (%s): a bug".formatted(firstLine(failure)), failure);
  }

  /**
   * Reads errors of a read, which ends when it takes too long.
   *
   * @param longest its limit; zero for none
   */
  SqlErrors forReads(Duration longest) {
    return longest.isZero() ? this : new ReadErrors(longest);
  }

  private final class ReadErrors implements SqlErrors {
    private final Duration longest;

    private ReadErrors(Duration longest) {
      this.longest = longest;
    }

    @Override
    public RuntimeException meaning(SQLException failure) {
      return stateOf(failure).equals(CANCELLED)
          ? new BusyException(
              "a read of '%s' took longer than %d s, or was cancelled: narrow what it looks for"
                  .formatted(name, longest.toSeconds()),
              failure)
          : PostgresErrors.this.meaning(failure);
    }

    @Override
    public boolean isHarmless(SQLException failure) {
      return PostgresErrors.this.isHarmless(failure);
    }
  }

  /** Reads errors inside a transaction of the caller, in which nothing can be repeated. */
  SqlErrors forCallers() {
    return new SqlErrors() {
      @Override
      public RuntimeException meaning(SQLException failure) {
        return meaningForCaller(failure);
      }

      @Override
      public boolean isHarmless(SQLException failure) {
        return PostgresErrors.this.isHarmless(failure);
      }
    };
  }

  /** Translates a failure inside a caller's transaction, in which nothing can be repeated. */
  RuntimeException meaningForCaller(SQLException failure) {
    RuntimeException meaning = meaning(failure);
    if (meaning instanceof LostRaceException) {
      return new BusyException(
          "your transaction lost a race with another (%s): roll it back and repeat it"
              .formatted(firstLine(failure)),
          failure);
    }
    String state = stateOf(failure);
    return state.equals(FAILED_BEFORE)
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
