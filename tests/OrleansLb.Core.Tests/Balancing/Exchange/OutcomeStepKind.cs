namespace OrleansLb.Core.Tests.Balancing.Exchange;

internal enum OutcomeStepKind
{
    Outcome,
    Exchange,
    Send,
    DeliverReport,
    DeliverReply,
    RestartPool,
    RestartFrontend,
}
