package dev.holdfast.torture.mutants;

import dev.holdfast.spi.JobStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a broken store does otherwise: a subclass has a public method for each call that it changes,
 * with the name and parameters of {@link JobStore}'s; all other calls go to the store behind. So
 * mutants need no change when the store learns something new.
 */
abstract class Changes {
  final JobStore behind;

  Changes(JobStore behind) {
    this.behind = behind;
  }

  /** The store behind with these changes. */
  final JobStore store() {
    Map<List<Object>, Method> changed = changedCalls();
    return (JobStore)
        Proxy.newProxyInstance(
            JobStore.class.getClassLoader(),
            new Class<?>[] {JobStore.class},
            (proxy, call, arguments) -> {
              Method change = changed.get(signature(call));
              return change == null
                  ? invoke(behind, call, arguments)
                  : invoke(this, change, arguments);
            });
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

  /** A mutant of a call that does not exist any more would be the store itself. */
  private static void checkIsCall(Method change) {
    for (Method call : JobStore.class.getMethods()) {
      if (signature(call).equals(signature(change))) {
        return;
      }
    }
    throw new IllegalStateException(change + " changes no call of the store");
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
