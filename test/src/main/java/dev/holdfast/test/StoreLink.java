package dev.holdfast.test;

import dev.holdfast.spi.JobStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * The connection of a process to its store, on which a test causes faults: each call of the store
 * and of the parts that it hands out is announced before and after.
 */
final class StoreLink {
  /** The faults around a call. */
  interface Faults {
    /** A call is about to be made; throws if it cannot be. */
    default void before(String operation, Object[] arguments) {}

    /** The call took effect. */
    default void after(String operation, Object[] arguments) {}
  }

  private static final Object[] NONE = {};

  private StoreLink() {}

  /** Returns {@code store} with these faults. */
  static JobStore link(JobStore store, Faults faults) {
    return wrap(JobStore.class, store, faults);
  }

  private static <T> T wrap(Class<T> type, Object part, Faults faults) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                call(part, method, arguments == null ? NONE : arguments, faults)));
  }

  private static Object call(Object part, Method method, Object[] arguments, Faults faults)
      throws Throwable {
    Class<?> answer = method.getReturnType();
    boolean isPart =
        method.getParameterCount() == 0
            && answer.isInterface()
            && answer.getPackage() == JobStore.class.getPackage();
    boolean isWork = !isPart && method.getDeclaringClass() != Object.class;
    if (isWork && !method.getName().equals("close")) {
      faults.before(method.getName(), arguments);
    }
    try {
      Object result = method.invoke(part, arguments);
      if (isPart) {
        return wrap(answer, result, faults);
      }
      if (isWork) {
        faults.after(method.getName(), arguments);
      }
      return result;
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }
}
