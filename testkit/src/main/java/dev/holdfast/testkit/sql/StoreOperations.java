package dev.holdfast.testkit.sql;

import dev.holdfast.spi.JobStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * The operations of a store and of all its parts, and which of them were called. They are found by
 * reflection, so that a new one is among them at once.
 */
public final class StoreOperations {
  private static final String PARTS = JobStore.class.getPackageName();

  private final Set<String> called = Collections.synchronizedSet(new TreeSet<>());

  /** Returns a store that records the operations that are called. */
  public JobStore recording(JobStore store) {
    return (JobStore) recording(JobStore.class, store);
  }

  private Object recording(Class<?> type, Object target) {
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, given) -> {
          Object answer = invoke(target, method, given);
          if (isPart(method)) {
            return recording(method.getReturnType(), answer);
          }
          called.add(name(type, method));
          return answer;
        });
  }

  private static Object invoke(Object target, Method method, Object[] given) throws Throwable {
    try {
      return method.invoke(target, given);
    } catch (InvocationTargetException failure) {
      throw failure.getTargetException();
    }
  }

  /** Returns whether a method gives another part of the store, such as that about nodes. */
  private static boolean isPart(Method method) {
    Class<?> type = method.getReturnType();
    return method.getParameterCount() == 0
        && type.isInterface()
        && type.getPackageName().startsWith(PARTS);
  }

  /** Overloads of an operation count as one. */
  private static String name(Class<?> type, Method method) {
    return type.getSimpleName() + "." + method.getName();
  }

  /** Returns the operations that were called. */
  public Set<String> called() {
    return new TreeSet<>(called);
  }

  /** Returns all operations of the store and its parts. */
  public static Set<String> all() {
    Set<String> all = new TreeSet<>();
    add(JobStore.class, all);
    return all;
  }

  private static void add(Class<?> type, Set<String> all) {
    for (Method method : type.getMethods()) {
      if (Modifier.isStatic(method.getModifiers())) {
        continue;
      }
      if (isPart(method)) {
        add(method.getReturnType(), all);
      } else {
        all.add(name(type, method));
      }
    }
  }
}
