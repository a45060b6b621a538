namespace Modular.Kernel.Web;

/// <summary>A "no" from below a handler, where what is asked for cannot be returned: the request ends with it.</summary>
public sealed class RefusedException(Refused answer) : Exception(answer.Detail)
{
    public Refused Answer { get; } = answer;
}
