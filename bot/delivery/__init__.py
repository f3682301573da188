"""From a message received to an answer delivered, for the channels that Dalil sends to: nothing is lost, nothing is said twice."""
