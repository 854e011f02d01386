package dev.holdfast.spring;

import dev.holdfast.ExponentialBackoff;
import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.JobHandler;
import dev.holdfast.JobType;
import dev.holdfast.RetryPolicy;
import dev.holdfast.Schedule;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.error.InvalidRequestException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Finds the handlers and schedules among the beans of a context, and names them to a queue. All
 * mistakes are reported together.
 */
final class HandlerBeans {
  private static final List<String> LIBRARIES =
      List.of("org.springframework.", "org.hibernate.", "com.zaxxer.", "io.micrometer.", "java.");

  private final ConfigurableListableBeanFactory beans;
  private final Map<String, Found> found = new LinkedHashMap<>();
  private final List<String> mistakes = new ArrayList<>();

  /** A handler, and where it was found. */
  private record Found(
      String where, JobType<?, ?> type, JobHandler<?> handler, Optional<Schedule> schedule) {}

  private HandlerBeans(ConfigurableListableBeanFactory beans) {
    this.beans = beans;
  }

  /**
   * Looks at all beans.
   *
   * @throws InvalidRequestException naming every handler that is wrong, and why
   */
  static HandlerBeans find(ConfigurableListableBeanFactory beans) {
    HandlerBeans handlers = new HandlerBeans(beans);
    for (String name : beans.getBeanDefinitionNames()) {
      handlers.lookAt(name);
    }
    if (!handlers.mistakes.isEmpty()) {
      throw new InvalidRequestException(
          "the handlers of jobs are not right:\n- " + String.join("\n- ", handlers.mistakes));
    }
    return handlers;
  }

  /** The types that have handlers. */
  Set<String> types() {
    return Set.copyOf(found.keySet());
  }

  /** Names the handlers to {@code holdfast}. Before its start. */
  void register(Holdfast holdfast) {
    found.values().forEach(handler -> register(holdfast, handler.type, handler.handler));
  }

  /** Declares the schedules, those that are beans of type {@link Schedule} too. */
  void declareSchedules(Holdfast holdfast) {
    found.values().forEach(handler -> handler.schedule.ifPresent(holdfast::schedule));
    beans.getBeanProvider(Schedule.class).orderedStream().forEach(holdfast::schedule);
  }

  @SuppressWarnings("unchecked") // the handler was found with the type of its payload
  private static <T> void register(Holdfast holdfast, JobType<T, ?> type, JobHandler<?> handler) {
    holdfast.handle(type, (JobHandler<T>) handler);
  }

  private void lookAt(String name) {
    if (name.startsWith("scopedTarget.") || isAbstract(name)) {
      return;
    }
    Class<?> type = AutoProxyUtils.determineTargetClass(beans, name);
    if (type == null || LIBRARIES.stream().anyMatch(type.getName()::startsWith)) {
      return;
    }
    HandlesJob ofBean = beans.findAnnotationOnBean(name, HandlesJob.class, false);
    if (ofBean != null) {
      check(name, () -> addBean(name, type, ofBean));
    }
    if (AnnotationUtils.isCandidateClass(type, HandlesJob.class)) {
      Map<Method, HandlesJob> methods =
          MethodIntrospector.selectMethods(
              type,
              (MethodIntrospector.MetadataLookup<@Nullable HandlesJob>)
                  method -> isFactory(method) ? null : annotationOf(method));
      methods.forEach(
          (method, handles) ->
              check(name + "." + method.getName(), () -> addMethod(name, method, handles)));
    }
  }

  /** A method that makes a handler is none itself. */
  private static boolean isFactory(Method method) {
    return JobHandler.class.isAssignableFrom(method.getReturnType());
  }

  private static @Nullable HandlesJob annotationOf(Method method) {
    return AnnotatedElementUtils.findMergedAnnotation(method, HandlesJob.class);
  }

  private boolean isAbstract(String name) {
    return beans.containsBeanDefinition(name) && beans.getBeanDefinition(name).isAbstract();
  }

  private void check(String where, Runnable step) {
    try {
      step.run();
    } catch (HoldfastException | IllegalArgumentException mistake) {
      mistakes.add(where + ": " + mistake.getMessage());
    }
  }

  private void addMethod(String name, Method method, HandlesJob handles) {
    Supplier<Object> bean = () -> beans.getBean(name);
    MethodHandler handler = MethodHandler.of(bean, method);
    add(
        name + "." + method.getName(),
        handles,
        MethodHandler.payloadOf(method),
        handler,
        Optional.ofNullable(
            AnnotatedElementUtils.findMergedAnnotation(method, RecurringJob.class)));
  }

  private void addBean(String name, Class<?> type, HandlesJob handles) {
    if (!JobHandler.class.isAssignableFrom(type)) {
      throw new IllegalArgumentException(
          "%s does not implement JobHandler: annotate the method that handles the job"
              .formatted(type.getName()));
    }
    JobHandler<Object> handler = (payload, job) -> run(beans.getBean(name), payload, job);
    add(
        name,
        handles,
        payloadOf(name, type),
        handler,
        Optional.ofNullable(beans.findAnnotationOnBean(name, RecurringJob.class, false)));
  }

  @SuppressWarnings("unchecked") // the payload was decoded to what the bean declares
  private static @Nullable Object run(Object bean, Object payload, dev.holdfast.JobContext job)
      throws Exception {
    return ((JobHandler<Object>) bean).run(payload, job);
  }

  private Class<?> payloadOf(String name, Class<?> type) {
    BeanDefinition definition = beans.getMergedBeanDefinition(name);
    Class<?> declared = definition.getResolvableType().as(JobHandler.class).getGeneric(0).resolve();
    Class<?> payload =
        declared != null
            ? declared
            : ResolvableType.forClass(type).as(JobHandler.class).getGeneric(0).resolve();
    if (payload == null) {
      throw new IllegalArgumentException(
          "the type of its payload is not known: declare it, such as JobHandler<Order>");
    }
    return payload;
  }

  private void add(
      String where,
      HandlesJob handles,
      Class<?> payload,
      JobHandler<?> handler,
      Optional<RecurringJob> recurring) {
    String name = resolve(handles.value());
    Found other = found.get(name);
    if (other != null) {
      throw new IllegalArgumentException(
          "type '%s' has a handler already, %s: one type, one handler"
              .formatted(name, other.where));
    }
    JobType<?, ?> type =
        declared(name, payload, handles).orElseGet(() -> type(name, payload, handles));
    found.put(name, new Found(where, type, handler, recurring.map(given -> schedule(name, given))));
  }

  private Optional<JobType<?, ?>> declared(String name, Class<?> payload, HandlesJob handles) {
    Optional<JobType<?, ?>> type = Optional.empty();
    for (JobType<?, ?> bean : beans.getBeansOfType(JobType.class, true, false).values()) {
      if (bean.name().equals(name)) {
        type = Optional.of(bean);
      }
    }
    if (type.isPresent() && !isPlain(handles)) {
      throw new IllegalArgumentException(
          "type '%s' is declared by a bean: set its aliases and policy there".formatted(name));
    }
    if (type.filter(bean -> !payload.isAssignableFrom(bean.payload())).isPresent()) {
      throw new IllegalArgumentException(
          "it takes %s, but type '%s' has %s as its payload"
              .formatted(payload.getName(), name, type.get().payload().getName()));
    }
    return type;
  }

  private static boolean isPlain(HandlesJob handles) {
    return handles.aliases().length == 0 && handles.policy().isEmpty() && hasNoPolicy(handles);
  }

  private static boolean hasNoPolicy(HandlesJob handles) {
    return handles.timeout().isEmpty()
        && handles.retryDelay().isEmpty()
        && handles.maxRetryDelay().isEmpty()
        && handles.recovery() == dev.holdfast.RecoveryPolicy.RESUME;
  }

  private <T> JobType<T, ?> type(String name, Class<T> payload, HandlesJob handles) {
    return JobType.of(name, payload).aliases(handles.aliases()).policy(policy(handles));
  }

  private HandlerPolicy policy(HandlesJob handles) {
    String bean = resolve(handles.policy());
    if (!bean.isEmpty()) {
      if (!hasNoPolicy(handles)) {
        throw new IllegalArgumentException(
            "it has both a policy bean and values of its own: leave one of them out");
      }
      if (!beans.containsBean(bean) || !beans.isTypeMatch(bean, HandlerPolicy.class)) {
        throw new IllegalArgumentException(
            "there is no bean '%s' of type HandlerPolicy".formatted(bean));
      }
      return beans.getBean(bean, HandlerPolicy.class);
    }
    ExponentialBackoff defaults = ExponentialBackoff.defaults();
    String delay = resolve(handles.retryDelay());
    String longest = resolve(handles.maxRetryDelay());
    HandlerPolicy policy =
        HandlerPolicy.defaults()
            .recovery(handles.recovery())
            .retry(
                RetryPolicy.exponential()
                    .from(delay.isEmpty() ? defaults.initial() : Texts.duration(delay))
                    .times(defaults.multiplier())
                    .upTo(longest.isEmpty() ? defaults.maximum() : Texts.duration(longest))
                    .jitter(defaults.jitter()));
    String timeout = resolve(handles.timeout());
    return timeout.isEmpty() ? policy : policy.timeout(Texts.duration(timeout));
  }

  private Schedule schedule(String type, RecurringJob recurring) {
    String name = resolve(recurring.name());
    return Texts.schedule(
        name.isEmpty() ? type : name,
        type,
        resolve(recurring.queue()),
        resolve(recurring.cron()),
        resolve(recurring.zone()),
        resolve(recurring.every()),
        recurring.overlap());
  }

  private String resolve(String text) {
    String resolved = beans.resolveEmbeddedValue(text);
    return resolved == null ? "" : resolved;
  }
}
