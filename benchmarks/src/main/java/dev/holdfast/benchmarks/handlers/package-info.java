/**
 * Handlers that misbehave, each with the documented end of its job, and the rate of good handlers
 * among them.
 */
package dev.holdfast.benchmarks.handlers;
