/**
 * What handlers can do to a node, and what the node makes of it: thirty that misbehave, each with
 * the end that the documentation promises, and the rate of the good ones among them.
 */
package dev.holdfast.benchmarks.handlers;
