package dev.holdfast.torture.mutants;

import dev.holdfast.spi.JobStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The changes that break a store: a subclass has a public method for each call that it changes,
 * with the name and parameters of that of {@link JobStore} or of one of its parts; all other calls
 * are delegated. So mutants need no change when the store gets new methods.
 */
abstract class Changes {
  final JobStore behind;

  Changes(JobStore behind) {
    this.behind = behind;
  }

  /** Returns the store with these changes. */
  final JobStore store() {
    return (JobStore) changed(JobStore.class, behind, changedCalls());
  }

  private Object changed(Class<?> type, Object target, Map<List<Object>, Method> changes) {
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (proxy, call, arguments) -> {
          Method change = changes.get(signature(call));
          if (change != null) {
            return invoke(this, change, arguments);
          }
          Object answer = invoke(target, call, arguments);
          return isFacet(call) ? changed(call.getReturnType(), answer, changes) : answer;
        });
  }

  /** Returns whether a call of the store gives another part of it, such as that about nodes. */
  private static boolean isFacet(Method call) {
    Class<?> type = call.getReturnType();
    return call.getParameterCount() == 0
        && type.isInterface()
        && type.getPackage().equals(JobStore.class.getPackage());
  }

  private Map<List<Object>, Method> changedCalls() {
    Map<List<Object>, Method> changed = new HashMap<>();
    for (Method change : getClass().getDeclaredMethods()) {
      if (Modifier.isPublic(change.getModifiers())) {
        checkIsCall(change);
        change.setAccessible(true);
        changed.put(signature(change), change);
      }
    }
    return changed;
  }

  /** Checks that the call exists, as otherwise the mutant would equal the store itself. */
  private static void checkIsCall(Method change) {
    boolean isKnown =
        Stream.of(JobStore.class.getMethods())
            .flatMap(call -> isFacet(call) ? calls(call.getReturnType()) : Stream.of(call))
            .anyMatch(call -> signature(call).equals(signature(change)));
    if (!isKnown) {
      throw new IllegalStateException(change + " changes no call of the store");
    }
  }

  private static Stream<Method> calls(Class<?> type) {
    return Stream.of(type.getMethods());
  }

  private static List<Object> signature(Method method) {
    return List.of(method.getName(), List.of(method.getParameterTypes()));
  }

  private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }
}
