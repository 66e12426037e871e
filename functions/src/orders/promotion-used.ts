/** The reason of the backend's cancellation where other accounts of the card had used up a promotion of the platform's. */
export const PROMOTION_USED = 'promotion_used';
