package dev.holdfast.cli.terminal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Handles signals while it is open. The JDK's class for it is not part of Java, so it is found by
 * reflection; where there is none, signals do what the JVM does with them.
 */
public final class Signals implements AutoCloseable {
  private static final String[] NAMES = {"INT", "TERM", "HUP"};

  private final Map<Object, Object> before = new LinkedHashMap<>();

  private Signals() {}

  /** What to do when a signal comes; it is called on a thread of its own, for each. */
  @FunctionalInterface
  public interface Handler {
    /**
     * A signal came.
     *
     * @param name such as {@code SIGTERM}
     * @param number such as 15
     */
    void handle(String name, int number);
  }

  /** Hands SIGINT, SIGTERM and SIGHUP to {@code handler}; one that is ignored stays so. */
  public static Signals handle(Handler handler) {
    Signals signals = new Signals();
    for (String name : NAMES) {
      signals.install(name, handler);
    }
    return signals;
  }

  private void install(String name, Handler handler) {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      Object signal = type.getConstructor(String.class).newInstance(name);
      int number = (int) type.getMethod("getNumber").invoke(signal);
      InvocationHandler call =
          (proxy, method, arguments) ->
              switch (method.getName()) {
                case "handle" -> {
                  handler.handle("SIG" + name, number);
                  yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "handler of SIG" + name;
              };
      Object proxy =
          Proxy.newProxyInstance(handlerType.getClassLoader(), new Class<?>[] {handlerType}, call);
      before.put(signal, type.getMethod("handle", type, handlerType).invoke(null, signal, proxy));
    } catch (ReflectiveOperationException | IllegalArgumentException notHere) {
      // the JVM's own handling stays
    }
  }

  /** Restores what was before. */
  @Override
  public void close() {
    before.forEach(
        (signal, handler) -> {
          try {
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            signal
                .getClass()
                .getMethod("handle", signal.getClass(), handlerType)
                .invoke(null, signal, handler);
          } catch (ReflectiveOperationException | IllegalArgumentException notHere) {
            // nothing was installed either
          }
        });
  }
}
