namespace OrleansLb.Core.Tests.Balancing.Exchange;

internal enum OutcomeStepKind
{
    Outcome,
    Send,
    DeliverReport,
    DeliverReply,
    RestartPool,
    RestartFrontend,
}
