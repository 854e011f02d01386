package dev.holdfast.cli.terminal;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Handles signals while it is open. The JDK's class for this is not part of Java SE, so it is found
 * by reflection; without it, the JVM's default handling applies.
 */
public final class Signals implements AutoCloseable {
  private static final String[] NAMES = {"INT", "TERM", "HUP"};

  private final Map<Object, Object> before = new LinkedHashMap<>();

  private Signals() {}

  /** A handler of signals; each call is on a thread of its own. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Handles a signal.
     *
     * @param name such as {@code SIGTERM}
     * @param number such as 15
     */
    void handle(String name, int number);
  }

  /** Passes SIGINT, SIGTERM and SIGHUP to {@code handler}; ignored signals stay ignored. */
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

  /** Restores the previous handlers. */
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
