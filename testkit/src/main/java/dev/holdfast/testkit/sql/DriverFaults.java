package dev.holdfast.testkit.sql;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A JDBC driver in which one call fails. Connections are wrapped when they are opened. After {@link
 * #arm} the Nth call of that thread fails, before or after the driver executes it.
 *
 * <p>Calls from the same place in the code on the same way to it count {@value #REPEATS} times, and
 * once where all calls count: the third row that is read fails as the second did. So there are as
 * many calls to fail as the code has places, however much there is to read.
 */
public final class DriverFaults {

  /** The moment at which a call fails. */
  public enum When {
    /** Fails before anything is done. */
    BEFORE,
    /** Fails after it is done, without reporting success. */
    AFTER
  }

  /** The damage that an error leaves behind. */
  public enum Damage {
    /** The statement is closed, as SQLite's driver does; even closing the connection fails. */
    STATEMENT,
    /** Closes the connection. */
    CONNECTION
  }

  /**
   * A kind of fault.
   *
   * @param error creates the exception
   */
  public record Kind(String name, Damage damage, Supplier<SQLException> error) {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * The calls that transfer data or end transactions; the others only bind parameters or read local
   * state.
   */
  private static final Set<String> MAIN_CALLS =
      Set.of(
          "prepareStatement",
          "createStatement",
          "execute",
          "executeQuery",
          "executeUpdate",
          "executeBatch",
          "next",
          "commit",
          "rollback",
          "setAutoCommit",
          "setTransactionIsolation",
          "setSavepoint",
          "releaseSavepoint",
          "close");

  private static final Set<String> NEVER =
      Set.of(
          "unwrap",
          "isWrapperFor",
          "abort",
          "isClosed",
          "getAutoCommit",
          "getMetaData",
          "getNetworkTimeout",
          "setNetworkTimeout");

  private static final int REPEATS = 2;
  private static final String OURS = "dev.holdfast.";

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<List<String>, Integer> repeats = new HashMap<>(); // by the way to the call
  private int left; // guarded by lock, as all below; 0 when none is to fail
  private When when = When.BEFORE;
  private boolean all;
  private @Nullable Kind kind;
  private @Nullable Thread thread;
  private String failed = "";

  /** Makes the {@code nth} call of this thread from now on fail. */
  public void arm(int nth, When newWhen, Kind newKind, boolean allCalls) {
    lock.lock();
    try {
      left = nth;
      when = newWhen;
      kind = newKind;
      all = allCalls;
      thread = Thread.currentThread();
      repeats.clear();
      failed = "";
    } finally {
      lock.unlock();
    }
  }

  /** Stops all failures. Returns the call that has failed; empty if there was none. */
  public String disarm() {
    lock.lock();
    try {
      left = 0;
      return failed;
    } finally {
      lock.unlock();
    }
  }

  /** Wraps a connection, and everything obtained from it. */
  public Connection wrap(Connection real) {
    return proxy(real, real, Connection.class);
  }

  private <T> T proxy(Connection real, T target, Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            DriverFaults.class.getClassLoader(),
            new Class<?>[] {type},
            new Calls(real, target, type)));
  }

  private final class Calls implements InvocationHandler {
    private final Connection real;
    private final Object target;
    private final Class<?> type;

    private Calls(Connection real, Object target, Class<?> type) {
      this.real = real;
      this.target = target;
      this.type = type;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given)
        throws Throwable {
      if (method.getDeclaringClass() == Object.class) {
        return method.getName().equals("equals") && given != null
            ? proxy == given[0]
            : call(method, given);
      }
      Kind fault = nextFault(method);
      if (fault == null) {
        return wrapped(call(method, given));
      }
      if (isLate(method, fault)) {
        call(method, given);
      }
      damage(fault);
      throw fault.error().get();
    }

    private @Nullable Kind nextFault(Method method) {
      String name = method.getName();
      lock.lock();
      try {
        boolean counts =
            left > 0
                && Thread.currentThread() == thread
                && !NEVER.contains(name)
                && (all || MAIN_CALLS.contains(name))
                && repeats.merge(wayTo(name), 1, Integer::sum) <= (all ? 1 : REPEATS);
        if (!counts || --left > 0) {
          return null;
        }
        failed = "%s.%s %s".formatted(type.getSimpleName(), name, when);
        return kind;
      } finally {
        lock.unlock();
      }
    }

    private static List<String> wayTo(String call) {
      return StackWalker.getInstance()
          .walk(
              frames ->
                  Stream.concat(
                          Stream.of(call),
                          frames
                              .filter(frame -> frame.getClassName().startsWith(OURS))
                              .map(frame -> frame.getClassName() + ":" + frame.getByteCodeIndex()))
                      .toList());
    }

    /**
     * Returns whether the call is executed before it fails. A lost connection is closed, even if
     * closing reports an error.
     */
    private boolean isLate(Method method, Kind fault) {
      boolean closesLost = fault.damage() == Damage.CONNECTION && method.getName().equals("close");
      lock.lock();
      try {
        return when == When.AFTER || closesLost;
      } finally {
        lock.unlock();
      }
    }

    private void damage(Kind fault) throws SQLException {
      if (fault.damage() == Damage.CONNECTION) {
        real.abort(Runnable::run);
      } else if (target instanceof Statement statement) {
        statement.close();
      }
    }

    private @Nullable Object call(Method method, Object @Nullable [] given) throws Throwable {
      try {
        return method.invoke(target, given);
      } catch (InvocationTargetException failure) {
        throw failure.getTargetException();
      }
    }

    private @Nullable Object wrapped(@Nullable Object answer) {
      if (answer instanceof PreparedStatement statement) {
        return proxy(real, statement, PreparedStatement.class);
      }
      if (answer instanceof Statement statement) {
        return proxy(real, statement, Statement.class);
      }
      return answer instanceof ResultSet results ? proxy(real, results, ResultSet.class) : answer;
    }
  }
}
