package dev.holdfast.spring;

import dev.holdfast.JobContext;
import dev.holdfast.JobHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.util.ReflectionUtils;

/** A method of a bean as a handler. */
final class MethodHandler implements JobHandler<Object> {
  private final Supplier<Object> bean;
  private final Method method;

  private MethodHandler(Supplier<Object> bean, Method method) {
    this.bean = bean;
    this.method = method;
  }

  /**
   * The handler that calls {@code method}.
   *
   * @throws IllegalArgumentException if the method cannot be a handler; the message says why
   */
  static MethodHandler of(Supplier<Object> bean, Method method) {
    payloadOf(method);
    return new MethodHandler(bean, method);
  }

  /** The type of the payload; {@code Object} for a method that takes none. */
  static Class<?> payloadOf(Method method) {
    List<Class<?>> payloads =
        Arrays.stream(method.getParameterTypes()).filter(type -> type != JobContext.class).toList();
    if (payloads.size() > 1 || method.getParameterCount() - payloads.size() > 1) {
      throw new IllegalArgumentException(
          "it takes %d parameters: expected the payload, a JobContext, both or neither"
              .formatted(method.getParameterCount()));
    }
    return payloads.isEmpty() ? Object.class : payloads.get(0);
  }

  @Override
  public @Nullable Object run(@Nullable Object payload, JobContext job) throws Exception {
    Object target = bean.get();
    Method invocable = AopUtils.selectInvocableMethod(method, target.getClass());
    ReflectionUtils.makeAccessible(invocable);
    Object[] arguments =
        Arrays.stream(invocable.getParameterTypes())
            .map(type -> type == JobContext.class ? job : payload)
            .toArray();
    try {
      return invocable.invoke(target, arguments);
    } catch (InvocationTargetException thrown) {
      ReflectionUtils.rethrowException(thrown.getTargetException());
      throw new IllegalStateException("a handler's exception was lost: a bug", thrown);
    }
  }
}
