package dev.holdfast.server;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.holdfast.server.access.SigningKeys;
import java.io.IOException;
import java.io.InputStream;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.implementation.FixedValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Breaks the check of signatures, and requires that forged leases are noticed. */
@Execution(ExecutionMode.SAME_THREAD)
final class LeaseMutantsTest {
  private static final String OURS = "dev.holdfast.server.";

  @Test
  void a_server_that_checks_no_signature_is_caught() throws Exception {
    byte[] mutant =
        new ByteBuddy()
            .redefine(SigningKeys.class)
            .method(named("isSigned"))
            .intercept(FixedValue.value(true))
            .make()
            .getBytes();
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    ClassLoader mutants = new Mutants(before, SigningKeys.class.getName(), mutant);
    thread.setContextClassLoader(mutants);
    try {
      TestExecutionSummary summary = run(mutants.loadClass(ForgedLeasesTest.class.getName()));

      assertThat(summary.getTestsStartedCount()).isEqualTo(1);
      assertThat(summary.getFailures())
          .singleElement()
          .satisfies(
              failure ->
                  assertThat(failure.getException())
                      .isInstanceOf(AssertionError.class)
                      .hasMessageContaining("[400, 409]"));
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static TestExecutionSummary run(Class<?> tests) {
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(tests))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
                .build(),
            listener);
    return listener.getSummary();
  }

  /** Loads the classes of the server again, one of them changed. */
  private static final class Mutants extends ClassLoader {
    private final String changed;
    private final byte[] mutant;

    private Mutants(ClassLoader parent, String changed, byte[] mutant) {
      super(parent);
      this.changed = changed;
      this.mutant = mutant;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(OURS)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : defined(name);
      }
    }

    private Class<?> defined(String name) throws ClassNotFoundException {
      try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = name.equals(changed) ? mutant : in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException failure) {
        throw new ClassNotFoundException(name, failure);
      }
    }
  }
}
