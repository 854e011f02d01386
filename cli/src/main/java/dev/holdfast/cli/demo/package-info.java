/**
 * {@code holdfast demo}: demonstrates the guarantee with real processes on a queue of its own.
 * {@code RecoveryDemo} is the script, {@code DemoWorker} a process that it starts and kills, and
 * {@code DemoHandlers} the handlers in it.
 */
@NullMarked
package dev.holdfast.cli.demo;

import org.jspecify.annotations.NullMarked;
