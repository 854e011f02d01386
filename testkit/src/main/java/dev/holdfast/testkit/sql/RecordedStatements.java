package dev.holdfast.testkit.sql;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Records the statements that a store runs, with their values if the driver shows them. */
public final class RecordedStatements {
  private final Queue<String> texts = new ConcurrentLinkedQueue<>();

  /** Returns the connection, which from now on records its prepared statements. */
  public Connection wrap(Connection real) {
    return recorded(real, Connection.class);
  }

  /** Returns the statements that were run since the last call and contain {@code part}. */
  public List<String> take(String part) {
    List<String> taken = texts.stream().filter(text -> text.contains(part)).toList();
    texts.clear();
    return taken;
  }

  private <T> T recorded(Object target, Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, given) -> {
              if (target instanceof PreparedStatement && method.getName().startsWith("execute")) {
                texts.add(target.toString().replaceFirst("(?s)\\s+parameters=.*", ""));
              }
              Object answer = call(target, method, given);
              return answer instanceof PreparedStatement
                  ? recorded(answer, PreparedStatement.class)
                  : answer;
            }));
  }

  private static @Nullable Object call(Object target, Method method, Object @Nullable [] given)
      throws Throwable {
    try {
      return method.invoke(target, given);
    } catch (InvocationTargetException failure) {
      throw failure.getTargetException();
    }
  }
}
